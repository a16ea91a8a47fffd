import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pageScript, type PageScript } from '#platform/page-script.ts'

const script = pageScript(readFileSync(fileURLToPath(new URL('./video.js', import.meta.url)), 'utf8'))

/**
 * What the page of an article with videos runs, and may load once somebody asks for one; undefined for all others. Pure.
 * @param html as `renderMarkdown` makes it
 */
export function videoScript(html: string): PageScript | undefined {
  const players = [...html.matchAll(/ data-player="(https:[^"]+)" data-kind="(frame|file)"/g)]
  if (players.length === 0) return undefined
  const from = (kind: string) => [
    ...new Set(players.flatMap(([, player, one]) => (one === kind ? [new URL(player!).origin] : []))),
  ]
  const [frames, files] = [from('frame'), from('file')]
  const may = [
    ...(frames.length > 0 ? [`frame-src ${frames.join(' ')}`] : []),
    ...(files.length > 0 ? [`media-src ${files.join(' ')}`] : []),
  ]
  return { ...script, may: may.join('; ') }
}
