export class ShopTool {
  annotations = { destructiveHint: false };

  definition() {
    const { name, description, parameters, annotations } = this;
    return { name, description, parameters, annotations, execute: (input) => this.run(input) };
  }
}
