// Packages without types of their own: what is used of them.

declare module 'html-to-text' {
  export function htmlToText(
    html: string,
    options: {
      wordwrap: number | false
      limits?: { maxDepth?: number; maxInputLength?: number }
      selectors?: { selector: string; format?: string; options?: Record<string, unknown> }[]
    },
  ): string
}

declare module 'sanitize-html' {
  type Attributes = Record<string, string>
  type Tag = { tagName: string; attribs: Attributes }
  export type SanitizeOptions = {
    allowedTags: string[]
    allowedAttributes: Record<string, string[]>
    allowedClasses: Record<string, string[]>
    allowedStyles?: Record<string, Record<string, RegExp[]>>
    allowedSchemes: string[]
    allowedSchemesByTag?: Record<string, string[]>
    allowProtocolRelative: boolean
    nonTextTags?: string[]
    nestingLimit: number
    transformTags: Record<string, string | ((tagName: string, attribs: Attributes) => Tag)>
    exclusiveFilter?: (frame: { tag: string; attribs: Attributes }) => boolean
  }
  export default function sanitizeHtml(html: string, options: SanitizeOptions): string
}

declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net'
  export type ImapConnection = {
    inputHandler: false | ((line: string) => void)
    /** Null once it is closed. */
    socket: Socket | null
    selectedMailbox: object
    send(reply: object, ...what: unknown[]): void
  }
  type Parsed = { tag: string; attributes: { value: string }[] }
  type Handler = (connection: ImapConnection, parsed: Parsed, data: unknown, done: () => void) => void
  type ImapServer = {
    server: Server
    users: Record<string, { xoauth2: { accessToken: string } }>
    connectionHandlers: ((connection: ImapConnection) => void)[]
    listen(port: number, host: string, done: () => void): void
    close(done: () => void): void
    appendMessage(mailbox: string, flags: string[], date: false, raw: string): void
    getCommandHandler(command: string): Handler
    setCommandHandler(command: string, handler: Handler): void
    getMessageRange(mailbox: object, range: string, byUid: true): [number, { uid: number }][]
    getMailbox(path: string): { uidvalidity: number; messages: { uid: number; flags: string[] }[] }
  }
  export default function open(options: { plugins: string[]; storage: object }): ImapServer
}

declare module '@mixmark-io/domino' {
  export type HtmlElement = {
    readonly id: string
    readonly nodeName: string
    readonly nodeType: number
    readonly className: string
    readonly textContent: string
    readonly childNodes: ArrayLike<HtmlElement>
    readonly ownerDocument: HtmlDocument
    innerHTML: string
    contains(other: HtmlElement): boolean
    replaceWith(other: HtmlElement): void
    getAttribute(name: string): string | null
    setAttribute(name: string, value: string): void
    removeAttribute(name: string): void
    querySelector(selector: string): HtmlElement | undefined
    querySelectorAll(selector: string): ArrayLike<HtmlElement>
    remove(): void
  }
  export type HtmlDocument = Pick<HtmlElement, 'querySelector' | 'querySelectorAll'> & {
    readonly title: string
    createElement(name: string): HtmlElement
  }
  const domino: { createDocument(html: string): HtmlDocument }
  export default domino
}

declare module 'turndown' {
  import type { HtmlElement } from '@mixmark-io/domino'
  type Rule = { filter: string | string[]; replacement(content: string, node: HtmlElement): string }
  export default class TurndownService {
    constructor(options: Record<string, string>)
    addRule(name: string, rule: Rule): void
    turndown(what: HtmlElement): string
  }
}
