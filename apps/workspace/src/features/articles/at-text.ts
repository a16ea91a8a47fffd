import type { ChainedCommands, Editor } from '@tiptap/react'

/**
 * Commands upon the text, which has the focus when they begin: the editor's own `focus` waits for the next frame, and
 * what is typed until then is lost.
 */
export function atText(editor: Editor): ChainedCommands {
  editor.view.focus()
  return editor.chain()
}
