"""An abstract evaluator of JavaScript and TypeScript: it follows a program from its entry point without running it."""
