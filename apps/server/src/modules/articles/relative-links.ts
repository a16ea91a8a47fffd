import { posix } from 'node:path'

// `](../paying/gift-card.md#validity)`
const link = /(\]\()([^()\s]+?\.md)((?:#[^()\s]*)?\))/g

/** Where the file of an article is, and what it is called. */
export type Target = { folders: readonly string[]; slug: string }

/**
 * A text whose links to files of articles lead from one folder to where the files are now; those that do are left as
 * they were written.
 */
export function relink(body: string, from: readonly string[], find: (slug: string) => Target | undefined): string {
  return body.replaceAll(link, (whole, before: string, address: string, after: string) => {
    const [, slug, language = ''] = /([^/]+?)(\.(?:en|sl|nb))?\.md$/.exec(address) ?? []
    const target = slug === undefined || /^[a-z]+:/i.test(address) ? undefined : find(slug)
    if (!target) return whole
    const [here, there] = [from.join('/'), [...target.folders, `${target.slug}${language}.md`].join('/')]
    return posix.join(here, address) === there ? whole : `${before}${posix.relative(here, there)}${after}`
  })
}
