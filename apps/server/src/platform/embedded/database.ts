import type pg from 'pg'

/** The database of this installation, ready for connections. */
export type Database = Readonly<{
  /** For migrations, backup, restore and doctor; row-level security does not bind it. */
  owner: pg.ClientConfig
  /** For everything else: `current_user` is `lahko_app`. */
  app: pg.ClientConfig
  kind: 'embedded' | 'external'
  /** The data folder; it exists. */
  folder: string
  /** Where the server is reached that runs beside this command, as far as it has said so. */
  servedAt?: string | undefined
  /** False while the embedded PostgreSQL is away; requests then deserve a 503. */
  healthy(): boolean
  /** Ends what was opened: the embedded PostgreSQL stops cleanly when this process owns it. Close pools before. */
  close(): Promise<void>
}>
