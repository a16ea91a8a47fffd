import type { FastifyInstance } from 'fastify'
import type { House } from '#platform/house.ts'
import type { Module } from '#platform/module.ts'
import { contactFormPages } from './contact-form.pages.ts'
import { entryPages } from './entering-requests.pages.ts'
import { ownRequestPages } from './own-requests.pages.ts'
import { takeForms } from './reading-forms.ts'
import { suggestionPages } from './suggestions.pages.ts'

/** The customer's side: the contact form and their own requests. */
export function requestPages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  void app.register(async (forms) => {
    await takeForms(forms)
    contactFormPages(forms, house, modules)
    suggestionPages(forms, house, modules)
    entryPages(forms, house)
    ownRequestPages(forms, house)
  })
}
