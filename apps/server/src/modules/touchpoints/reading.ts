import { hash } from 'node:crypto'

/**
 * The name of the touchpoint that reading an article was: one for each episode and article, however often and wherever
 * its reader says that it helped. Nobody comes back from it to the episode.
 * @param episode undefined for a visit that is none
 * @param otherwise what else tells the same word from another one
 */
export function nameOfReading(
  { workspaceId, episode, article }: { workspaceId: string; episode: string | undefined; article: string | undefined },
  otherwise: string,
): string {
  const name =
    episode === undefined ? otherwise : hash('sha256', `${workspaceId} ${episode} ${article ?? ''}`, 'base64url')
  return `article-${name}`
}
