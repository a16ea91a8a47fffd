import { programmes as contract } from '@lahko/contract/programmes'
import { route, type Route } from '#platform/http.ts'
import { getAskingRules } from './deciding.queries.ts'
import { runDry } from './dry-running.ts'
import { listInvitations, viewFunnel, viewInvitation } from './ledger.ts'
import {
  changeAskingRules,
  changeProgramme,
  createProgramme,
  orderProgrammes,
  removeProgramme,
  restoreProgramme,
  turnProgramme,
} from './programmes.ts'
import { viewProgramme, viewProgrammes } from './programmes.view.ts'

/** Whom to ask, and what became of it: programmes, rules and the ledger. */
export function programmeRoutes(): Route[] {
  return [
    route(contract.list, ({ read }) => read(viewProgrammes)),
    route(contract.create, ({ write, body }) =>
      write(async (tx) => viewProgramme(tx, await createProgramme(tx, body))),
    ),
    route(contract.get, ({ read, params }) => read((db) => viewProgramme(db, params.id))),
    route(contract.change, ({ write, params, body }) =>
      write(async (tx) => {
        await changeProgramme(tx, params.id, body)
        return viewProgramme(tx, params.id)
      }),
    ),
    route(contract.remove, ({ write, params }) => write((tx) => removeProgramme(tx, params.id))),
    route(contract.restore, ({ write, params }) =>
      write(async (tx) => {
        await restoreProgramme(tx, params.id)
        return viewProgramme(tx, params.id)
      }),
    ),
    route(contract.setState, ({ write, params, body }) =>
      write(async (tx) => {
        await turnProgramme(tx, params.id, body.state, body.callBack)
        return viewProgramme(tx, params.id)
      }),
    ),
    route(contract.order, ({ write, body }) =>
      write(async (tx) => {
        await orderProgrammes(tx, body.ids)
        return viewProgrammes(tx)
      }),
    ),
    route(contract.dryRun, ({ read, body }) => read((db) => runDry(db, body.programme, body.replaces))),
    route(contract.rules, ({ read }) => read(getAskingRules)),
    route(contract.changeRules, ({ write, body }) =>
      write(async (tx) => {
        await changeAskingRules(tx, body)
        return getAskingRules(tx)
      }),
    ),
    route(contract.invitations, ({ read, query }) => read((db) => listInvitations(db, query))),
    route(contract.funnel, ({ read, query }) => read((db) => viewFunnel(db, query))),
    route(contract.invitation, ({ read, params }) => read((db) => viewInvitation(db, params.id))),
  ]
}
