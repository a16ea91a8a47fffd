import pg from 'pg'

const mostNamed = 10

/**
 * Why a workspace cannot be meant, with those that there are: who owns the database may see them all.
 * @param owner as whom to ask
 */
export async function noSuchWorkspace(owner: pg.ClientConfig, slug: string): Promise<string> {
  const client = new pg.Client(owner)
  try {
    await client.connect()
    const { rows } = await client.query<{ slug: string }>('select slug from workspaces order by slug limit $1', [
      mostNamed + 1,
    ])
    return `There is no workspace "${slug}"; ${namesOf(rows.map((row) => row.slug))}.`
  } finally {
    await client.end()
  }
}

function namesOf(slugs: readonly string[]): string {
  if (slugs.length === 0) return 'there is none yet'
  if (slugs.length === 1) return `there is ${slugs[0]}`
  if (slugs.length > mostNamed) return `there are ${slugs.slice(0, mostNamed).join(', ')} and more`
  return `there are ${slugs.slice(0, -1).join(', ')} and ${slugs.at(-1)}`
}
