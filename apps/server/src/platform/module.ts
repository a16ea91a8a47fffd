import type { TimelineEntry } from '@lahko/contract/people'
import type { Permission } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DueKind } from './due.ts'
import type { House } from './house.ts'
import type { Route } from './http.ts'
import type { Task } from './jobs.ts'
import type { MailKind } from './mail/kinds.ts'
import type { MailTaker } from './mail/receiving/takers.ts'
import type { Db, Tx } from './store.ts'

/** The door of a module: what `app.ts` mounts. Verbs and types for other modules are exported beside it. */
export type Module = {
  readonly name: string
  /** The names of the tables that only this module reads and writes. */
  readonly tables: readonly string[]
  /** API routes, bound to contract entries. `modules` is all of them, for what asks each one. */
  routes?(house: House, modules: readonly Module[]): Route[]
  /** Public HTML and anything else that is not the API. `modules` as for `routes`. */
  pages?(app: FastifyInstance, house: House, modules: readonly Module[]): void
  /** Work after a commit. */
  tasks?(house: House): Task[]
  /** Takes up what a process that died has left, before this one does its first job. */
  begin?(house: House): Promise<void>
  /** Work that goes on for as long as the process does, such as reading mailboxes. */
  keepOn?(house: House): { stop(): Promise<void> }
  /** Takes mail for addresses of its own from the built-in receiver. */
  readonly takesMail?: MailTaker
  /** Which task each type of event starts. */
  readonly reactions?: Readonly<Record<string, string>>
  /** What becomes due at a time. `modules` is all of them, for what asks each one. */
  due?(house: House, modules: readonly Module[]): DueKind[]
  /** What this module has to say in the daily digest of a member; nothing when nothing happened. */
  digest?(db: Db, about: DigestAbout): Promise<DigestSection[]>
  /** Which of these ids are topics of a kind of notice, for what this module tells: its surveys, its tickets. */
  readonly noticeTopics?: Readonly<Record<string, (db: Db, ids: readonly string[]) => Promise<string[]>>>
  /** The kinds of mail that this module queues, by name. */
  readonly mails?: Readonly<Record<string, MailKind>>
  /** What this module keeps about one customer. */
  readonly customers?: {
    /** All of it, for whoever asks for theirs; of each kind the newest 10,000. */
    export(db: Db, customerId: string): Promise<Record<string, unknown>>
    /** Makes it nobody's. Modules further down have done so before. */
    erase(tx: Tx, customerId: string): Promise<void>
  }
  /** For the pages of modules above: where customers reach people, and the address of the customer who is signed in. */
  readonly desk?: {
    /** The path of the form by which they ask; undefined while there is none. */
    findForm(db: Db): Promise<string | undefined>
    findSignedIn(db: Db, request: FastifyRequest): Promise<string | undefined>
    /** Their own requests that a question is about, never another's; the status as a sentence. */
    findOwn(
      db: Db,
      request: FastifyRequest,
      asked: { text: string; limit: number; typing: boolean },
    ): Promise<{ number: number; subject: string; standing: string }[]>
    /** Whether the browser says that it is signed in; whoever does not is nobody, and nothing is asked to know that. */
    saysSignedIn(request: FastifyRequest): boolean
  }
  /**
   * Touchpoints that had ended go on: withdraws what was to be asked about them.
   * @returns those about which somebody was written to, or has answered, already
   */
  withdrawAsking?(tx: Tx, touchpointIds: readonly string[]): Promise<string[]>
  /** What this module knows to have happened: a page, newest first. Modules above ask it through the list of modules. */
  timeline?(db: Db, about: TimelineSubject, page: TimelinePage): Promise<TimelineEntry[]>
}

/** With whom it happened, or in which touchpoint. */
export type TimelineSubject = { customerIds: readonly string[] } | { touchpointId: string }
/** `before`: where the page above ended. */
export type TimelinePage = { before?: { at: string; id: string }; limit: number }

/** Local days of the workspace, whole and over, and who reads of them. `app` is what links to screens begin with. */
export type DigestAbout = {
  days: { from: string; to: string }
  language: Language
  permissions: ReadonlySet<Permission>
  app: string
}
/** A heading with sentences, some words of customers, and where there is more (a path below `app`). */
export type DigestSection = {
  title: string
  lines: readonly string[]
  /** `subjectId`: whose erasure takes the words away. */
  quotes: readonly { text: string; by: string; subjectId: string }[]
  path?: string
}
