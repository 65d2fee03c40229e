package tools

const (
	prefix   = "notes_"
	nameList = prefix + "list"
	nameSave = prefix + "save"
	nameWipe = prefix + "wipe"
)

// describe says what a tool does, in the words that all of them share.
const describe = "%s the notes of a folder."
