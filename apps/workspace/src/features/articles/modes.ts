/** How the text of an article is looked at. */
export const modes = ['rich', 'markdown', 'preview'] as const
export type Mode = (typeof modes)[number]
