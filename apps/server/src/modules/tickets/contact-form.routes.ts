import { contactFormEntries as contract, type ContactForm } from '@lahko/contract/contact-form'
import type { FastifyRequest } from 'fastify'
import { findOrigin } from '#accounts'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { Problem } from '#platform/problem.ts'
import { sendPage } from '#platform/pages.ts'
import type { Db } from '#platform/store.ts'
import { brandsOf } from '#surveys'
import { contactPage } from './contact-page.ts'
import { findContactForm } from './contact-forms.queries.ts'
import { documentWith, viewOf } from './request-frame.ts'
import { setUpContactForm } from './setting-up-contact-form.ts'
import { listFields } from './ticket-fields.queries.ts'
import {
  changeField,
  createField,
  listFieldValues,
  orderFields,
  removeField,
  setFieldValues,
  viewField,
} from './ticket-fields.ts'

/** The contact form and the fields of tickets, as managers set them up and agents fill them in. */
export function contactFormRoutes(house: House): Route[] {
  return [
    route(contract.get, async ({ read, request }) =>
      viewForm(await read(findContactForm), await urlOf(house, request)),
    ),
    route(contract.change, async ({ write, body, request }) => {
      await write((tx) => setUpContactForm(tx, body))
      return viewForm({ ...body }, await urlOf(house, request))
    }),
    route(contract.page, async ({ read, query, request, reply }) => {
      const brand = await brandsOf(house).of(request.scope.workspaceId)
      if (!brand) throw new Problem('not_found', 'platform.not_found')
      const view = viewOf(brand, query.language)
      const filled = new Map(query.topic === undefined ? [] : [['topic', query.topic]])
      const asked = { ...(await read(askedBy)), token: '', filled, problems: [], kept: [] }
      const { text, styles } = documentWith(view, contactPage(view, asked))
      return sendPage(request, reply, styles, text)
    }),
    ...fieldRoutes(),
  ]
}

function fieldRoutes(): Route[] {
  return [
    route(contract.listFields, async ({ read }) => (await read(listFields)).map(viewField)),
    route(contract.createField, ({ write, body }) => write((tx) => createField(tx, body))),
    route(contract.changeField, ({ write, params, body }) => write((tx) => changeField(tx, params.id, body))),
    route(contract.removeField, ({ write, params }) => write((tx) => removeField(tx, params.id))),
    route(contract.orderFields, ({ write, body }) => write((tx) => orderFields(tx, body.ids))),
    route(contract.values, ({ read, params }) => read((db) => listFieldValues(db, params.id))),
    route(contract.setValues, ({ write, params, body }) =>
      write(async (tx) => {
        await setFieldValues(tx, params.id, body.values)
        return listFieldValues(tx, params.id)
      }),
    ),
  ]
}

async function askedBy(db: Db) {
  const form = (await findContactForm(db)) ?? { intro: {}, topics: [] }
  return { form, fields: (await listFields(db)).filter(({ on_form: on }) => on !== 'no') }
}

async function urlOf(house: House, request: FastifyRequest): Promise<string | null> {
  const origin = await findOrigin(house, request)
  return origin && `${origin}/requests/new`
}

function viewForm(form: Omit<ContactForm, 'url'> | undefined, url: string | null): ContactForm {
  return { open: form?.open ?? false, intro: form?.intro ?? {}, topics: form?.topics ?? [], url }
}
