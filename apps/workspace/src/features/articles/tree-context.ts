import type { Article, Collection } from '@lahko/contract'
import { createContext, useContext } from 'react'
import type { Dragged } from './dragging.ts'
import type { Self } from './self.ts'
import type { Branch, Direction } from './tree.ts'

/** What is asked about in a dialog. */
export type Asked =
  | { kind: 'new-collection'; parentId: string | null }
  | { kind: 'collection'; collection: Collection }
  | { kind: 'new-article'; collectionId: string | undefined }
  | { kind: 'move-article'; article: Article }
  | { kind: 'move-collection'; collection: Collection }
  | { kind: 'remove-article'; article: Article }

/** What every row of the tree is given. */
export type TreeGiven = {
  tree: readonly Branch[]
  /** The workspace's local date. */
  today: string
  self: Self
  mayWrite: boolean
  /** Whether only some are shown, so that an order means nothing. */
  narrowed: boolean
  dragged: Dragged | undefined
  isClosed: (id: string) => boolean
  toggle: (id: string) => void
  isWaitingIn: (id: string) => boolean
  /** Whether a collection has more articles than are shown. */
  hasMore: (id: string) => boolean
  showMore: (id: string) => void
  ask: (asked: Asked) => void
  begin: (dragged: Dragged) => void
  stepArticle: (article: Article, by: 1 | -1) => void
  stepCollection: (collection: Collection, direction: Direction) => void
}

export const TreeContext = createContext<TreeGiven | undefined>(undefined)

export function useTree(): TreeGiven {
  const given = useContext(TreeContext)
  if (!given) throw new Error('A row stands in a tree.')
  return given
}
