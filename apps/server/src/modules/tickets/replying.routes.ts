import { macros } from '@lahko/contract/macros'
import { tickets as contract } from '@lahko/contract/tickets'
import type { Readable } from 'node:stream'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { readUpload } from '#platform/uploads.ts'
import { dropDraft, saveDraft } from './drafts.ts'
import { resendReply } from './delivery.ts'
import { getFile, keepFile, mostBytesOfFile, sendFile } from './files.ts'
import { changeMacro, createMacro, fillMacro, listMacros, removeMacro } from './macros.ts'
import { writeMessageOnce } from './replying.ts'
import { takeBack } from './taking-back.ts'
import { viewOneMessage } from './viewing-messages.ts'

/** What members write to customers and to each other. */
export function replyingRoutes({ config }: House): Route[] {
  return [
    route(contract.write, ({ params, body, request, write, language }) =>
      write(async (tx) => {
        const key = request.headers['idempotency-key']
        const id = await writeMessageOnce(config.mail, tx, params.id, { ...body, key })
        return viewOneMessage(tx, id, language)
      }),
    ),
    route(contract.takeBack, ({ params, write }) => write((tx) => takeBack(tx, params.id))),
    route(contract.resend, ({ params, write }) => write((tx) => resendReply(tx, params.id))),
    route(contract.saveDraft, ({ params, body, write }) => write((tx) => saveDraft(tx, params.id, body))),
    route(contract.dropDraft, ({ params, write }) => write((tx) => dropDraft(tx, params.id))),
    route(contract.attach, async ({ query, body, write }) => {
      const content = await readUpload(body as unknown as Readable | undefined, { most: mostBytesOfFile })
      return write((tx) => keepFile(tx, query.name, content))
    }),
    route(contract.file, async ({ params, read, reply }) => {
      const file = await read((db) => getFile(db, params.id))
      return sendFile(file, reply)
    }),
  ]
}

/** Canned answers. */
export function macroRoutes(): Route[] {
  return [
    route(macros.list, ({ query, read }) => read((db) => listMacros(db, query))),
    route(macros.create, ({ body, write }) => write((tx) => createMacro(tx, body))),
    route(macros.change, ({ params, body, write }) => write((tx) => changeMacro(tx, params.id, body))),
    route(macros.remove, ({ params, write }) => write((tx) => removeMacro(tx, params.id))),
    route(macros.fill, ({ params, read }) => read((db) => fillMacro(db, params.id, params.ticketId))),
  ]
}
