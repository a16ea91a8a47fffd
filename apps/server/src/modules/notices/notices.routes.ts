import { notices as contract } from '@lahko/contract/notices'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import { deleteMute, listMutes, upsertMute } from './mutes.queries.ts'
import { countUnseen, findNotice, listNotices } from './notices.queries.ts'
import { viewMute, viewNotice, viewSettings } from './notices.view.ts'
import { memberIdOf, readerOf } from './readers.ts'
import { readRules, setRules } from './rules.ts'
import { changeSettings, ensureSettings } from './settings.ts'
import { ringOnce, sendOnce, testLimits, testMail } from './trying-out.ts'
import { updateSeen } from './settings.queries.ts'

/** The bell, and what a member and the workspace want to hear. */
export function noticeRoutes(house: House, modules: readonly Module[]): Route[] {
  return [...bellRoutes(), ...muteRoutes(), ...settingsRoutes(modules), ...testRoutes(house)]
}

function bellRoutes(): Route[] {
  return [
    route(contract.list, async ({ query, scope, read }) => {
      const reader = readerOf(scope.actor)
      return read(async (db) => {
        const rows = await listNotices(db, reader, { ...query, limit: query.limit + 1 })
        return { ...pageOf(rows, query.limit, viewNotice), unseen: await countUnseen(db, reader) }
      })
    }),
    route(contract.seen, async ({ body, scope, write }) => {
      const memberId = memberIdOf(scope.actor)
      await write(async (tx) => {
        if (!(await findNotice(tx, readerOf(scope.actor), body.through))) throw notThere()
        await ensureSettings(tx, memberId)
        await updateSeen(tx, memberId, body.through)
        await wake(tx, 'notice.seen', memberId)
      })
    }),
  ]
}

function muteRoutes(): Route[] {
  return [
    route(contract.mute, async ({ params, body, scope, write }) =>
      write(async (tx) => {
        const notice = await findNotice(tx, readerOf(scope.actor), params.id)
        // A test comes because it was asked for.
        if (!notice || notice.kind === 'test') throw notThere()
        const memberId = memberIdOf(scope.actor)
        const mute = await upsertMute(
          tx,
          memberId,
          { ...notice, kind: notice.kind },
          body.until === null ? null : new Date(body.until),
        )
        await wake(tx, 'notice.muted', memberId)
        return viewMute(mute)
      }),
    ),
    route(contract.mutes, async ({ query, scope, read }) => {
      const { memberId } = readerOf(scope.actor)
      const rows = await read((db) => listMutes(db, memberId, { ...query, limit: query.limit + 1 }))
      return pageOf(rows, query.limit, viewMute)
    }),
    route(contract.unmute, async ({ params, scope, write }) => {
      const { memberId } = readerOf(scope.actor)
      await write(async (tx) => {
        if (!(await deleteMute(tx, memberId, params.id))) throw notThere()
        await wake(tx, 'notice.muted', params.id)
      })
    }),
  ]
}

function settingsRoutes(modules: readonly Module[]): Route[] {
  return [
    route(contract.settings, async ({ scope, write }) => {
      const memberId = memberIdOf(scope.actor)
      return viewSettings(await write((tx) => ensureSettings(tx, memberId)))
    }),
    route(contract.changeSettings, async ({ body, scope, write }) => {
      const memberId = memberIdOf(scope.actor)
      return viewSettings(await write((tx) => changeSettings(tx, memberId, body)))
    }),
    route(contract.rules, async ({ read }) => read(readRules)),
    route(contract.setRules, async ({ body, write }) =>
      write(async (tx) => {
        await setRules(tx, modules, body)
        return readRules(tx)
      }),
    ),
  ]
}

function testRoutes(house: House): Route[] {
  const { mayPass } = testLimits(house)
  return [
    route(contract.test, async ({ body, scope, write }) => {
      const memberId = memberIdOf(scope.actor)
      if (!mayPass(memberId)) throw new Problem('rate_limited', 'platform.rate_limited')
      if (body.way === 'bell') {
        await write((tx) => ringOnce(house, tx, memberId, body.kind))
        return { arrived: true, says: '' }
      }
      const mail = await write((tx) => testMail(house, tx, memberId, body.kind))
      return sendOnce(house, mail)
    }),
  ]
}

function notThere(): Problem {
  return new Problem('not_found', 'platform.not_found')
}

function pageOf<Row extends { id: string }, Item>(rows: readonly Row[], limit: number, view: (row: Row) => Item) {
  const items = rows.slice(0, limit)
  return { items: items.map(view), next: rows.length > limit ? items.at(-1)!.id : null }
}
