/** How many pictures of other servers it would show. @param html cleaned by `cleanHtml` */
export function countRemoteImages(html: string | null): number {
  return html === null ? 0 : (html.match(/<img\b[^>]*\bdata-remote-src="/g)?.length ?? 0)
}
