import type { CustomerColumns } from '@lahko/contract/customer-imports'
import { wordsOf } from '@lahko/tables'

const names: Readonly<Record<keyof CustomerColumns, readonly string[]>> = {
  externalId: words(
    'id externalid customerid customernumber customerno clientid userid accountid reference',
    'idstranke strankaid stevilkastranke sifrastranke sifra kundeid kundenr kundenummer brukerid',
  ),
  email: words(
    'email mail emailaddress customeremail eposta epostninaslov enaslov elektronskaposta elektronskinaslov',
    'epost epostadresse',
  ),
  phone: words(
    'phone phonenumber mobile telephone tel cell telefon telefonska gsm mobitel telefonnummer mobil mobilnummer',
  ),
  name: words(
    'name fullname customername customer ime imeinpriimek imestranke stranka kupec imekupca navn fulltnavn kundenavn kunde',
    'firstname givenname fornavn',
  ),
  familyName: words('lastname familyname surname priimek etternavn'),
  language: words('language lang locale jezik sprak'),
  organisation: words(
    'organisation organization company companyname account employer organizacija podjetje druzba',
    'organisasjon firma bedrift selskap',
  ),
  timeZone: words('timezone tz zone casovnipas tidssone'),
}

/** Which column holds what, by names in three languages. */
export function guessColumns(columns: readonly string[]): CustomerColumns {
  const mapping: CustomerColumns = {}
  const free = new Set(columns)
  for (const [field, known] of Object.entries(names)) {
    const column = [...free].find((one) => known.includes(wordsOf(one).join('')))
    if (column === undefined) continue
    free.delete(column)
    mapping[field as keyof CustomerColumns] = column
  }
  return mapping
}

function words(...lists: string[]): string[] {
  return lists.flatMap((list) => list.split(' '))
}
