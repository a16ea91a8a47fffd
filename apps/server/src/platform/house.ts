import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Clock } from './clock.ts'
import type { Internet } from './internet.ts'
import type { Live } from './live.ts'
import type { ResolveTxt } from './mail/sender-domain.ts'
import type { Store } from './store.ts'

/** What a module is handed when it is mounted. Time, randomness and the outside world come in here. */
export type House = {
  readonly config: Config
  readonly store: Store
  readonly live: Live
  readonly clock: Clock
  /** False while the database is away, or may be somebody else's: nothing is served from memory either. */
  readonly healthy: () => boolean
  /** The data folder, which exists: what is kept as files lies in folders below it. */
  readonly folder: string
  /** Looks up TXT records in the DNS. */
  readonly resolveTxt: ResolveTxt
  readonly internet: Internet
  readonly log: Logger
}
