/** The wanted screen, when the workspace is on this very host; a hand-over to another host goes its own way. */
export function whereTo(workspaceUrl: string, wanted: string | undefined): string {
  const url = new URL(workspaceUrl, location.href)
  return wanted && url.origin === location.origin && url.pathname === '/app' ? `/app${screenOf(wanted)}` : workspaceUrl
}

/** A wanted screen without the part that all screens share. */
export function screenOf(wanted: string): string {
  return wanted.replace(/^\/app(?=\/|$)/, '')
}
