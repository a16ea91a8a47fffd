-- One search over what modules publish: a row for each text in each language, the words of all, and what means the same.

create table search_documents (
  workspace_id uuid not null references workspaces on delete cascade,
  -- Whose module reads the row itself: article …
  kind text not null,
  subject_id uuid not null,
  language text not null,
  audience text not null check (audience in ('public', 'signed-in', 'organisations')),
  -- Who may see it of those who are signed in.
  organisation_ids uuid[] not null default '{}',
  -- Stems where they stand, by weight (A the title, B what else is said of it, D the text), each word as it is written
  -- behind "=", and stems of the title behind "^".
  terms tsvector not null,
  -- Words.
  length integer not null,
  primary key (workspace_id, kind, subject_id, language)
) with (toast_tuple_target = 128);
select protect_tenant_table('search_documents');
-- Apart from the row and as they are: which rows match is found without them, and the best are read quickly.
alter table search_documents alter column terms set storage external;
-- Without a list of what is not yet sorted in, which every search would read from end to end.
create index search_documents_terms on search_documents using gin (workspace_id, language, terms)
  with (fastupdate = off);

-- In how many documents each term is; the empty one is in all.
create table search_words (
  workspace_id uuid not null references workspaces on delete cascade,
  language text not null,
  term text collate "C" not null,
  documents integer not null,
  primary key (workspace_id, language, term)
);
select protect_tenant_table('search_words');
-- Words as they are written that are alike.
create index search_words_alike on search_words using gin (workspace_id, language, term gin_trgm_ops)
  with (fastupdate = off) where term ^@ '=';

-- What a document that came, changed or went changes in search_words, until that is added there. Whoever publishes writes
-- a row of their own and waits for nobody; who counts adds these.
create table search_word_changes (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  language text not null,
  added text[] not null,
  removed text[] not null,
  primary key (workspace_id, id)
);
select protect_tenant_table('search_word_changes');

-- Words and phrases that mean the same to this workspace; one row each, those of one group with the same number.
create table search_synonyms (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  language text not null,
  words text[] not null,
  -- The same as stems, with a space between those of a phrase.
  stems text[] not null,
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
select protect_tenant_table('search_synonyms');
create index search_synonyms_language on search_synonyms (workspace_id, language, id);

-- What was done about a question for which nothing was found, or that nothing is done about it.
create table search_settlements (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  language text not null,
  question text not null,
  -- As it was asked most.
  words text not null,
  outcome text not null check (outcome in ('article', 'keywords', 'synonym', 'dismissed')),
  -- Null: a program, or a member who left.
  settled_by uuid,
  settled_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, settled_by) references members (workspace_id, id) on delete set null (settled_by)
);
select protect_tenant_table('search_settlements');
create index search_settlements_question on search_settlements (workspace_id, language, question, id);
create index search_settlements_member on search_settlements (workspace_id, settled_by) where settled_by is not null;

-- What was searched for. Nothing says by whom: addresses and long numbers are masked, and of the time only the day is
-- kept, so that no moment leads to a ticket. The id is random for the same reason.
create table searches (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  language text not null check (language in ('en', 'sl', 'nb')),
  -- As it was asked, masked.
  words text not null,
  -- Its stems by the alphabet: the same for other forms of the same words in any order.
  question text not null,
  -- Those of one asking count once.
  asking uuid not null,
  results smallint not null,
  -- Of the best hit, as the search measures it: from 1 on it is likely an answer.
  fit real not null,
  suggested boolean not null,
  -- Whether it would be known that a hit was opened.
  watched boolean not null,
  opened_id uuid,
  asked_on date not null,
  settled_id uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, settled_id) references search_settlements (workspace_id, id)
    on delete set null (settled_id)
);
select protect_tenant_table('searches');
create index searches_day on searches (workspace_id, asked_on, language);
create index searches_question on searches (workspace_id, language, question);
create index searches_settled on searches (workspace_id, settled_id) where settled_id is not null;

-- Writes one document and notes in which terms it differs from what stood there. As the caller, under the policy.
create function write_search_document(own uuid, change uuid, p_kind text, p_subject uuid, p_language text, p_audience text,
  p_organisations uuid[], p_terms tsvector, p_length integer) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  before text[];
  now text[] := tsvector_to_array(p_terms) || ''::text;
  more text[];
  less text[];
begin
  insert into search_documents (workspace_id, kind, subject_id, language, audience, terms, length)
  values (own, p_kind, p_subject, p_language, p_audience, '', -1)
  on conflict do nothing;
  select case when d.length < 0 then '{}' else tsvector_to_array(d.terms) || ''::text end into before
  from search_documents d
  where d.workspace_id = own and d.kind = p_kind and d.subject_id = p_subject and d.language = p_language for update;
  update search_documents d
  set audience = p_audience, organisation_ids = p_organisations, terms = p_terms, length = p_length
  where d.workspace_id = own and d.kind = p_kind and d.subject_id = p_subject and d.language = p_language;
  more := array(select unnest(now) except select unnest(before));
  less := array(select unnest(before) except select unnest(now));
  if more <> '{}' or less <> '{}' then
    insert into search_word_changes (workspace_id, id, language, added, removed)
    values (own, change, p_language, more, less);
  end if;
end $$;
revoke all on function write_search_document(uuid, uuid, text, uuid, text, text, uuid[], tsvector, integer) from public;
grant execute on function write_search_document(uuid, uuid, text, uuid, text, text, uuid[], tsvector, integer) to lahko_app;

-- Removes documents of one subject, in one language or in all, and notes their terms. As the caller, under the policy.
create function remove_search_documents(own uuid, p_kind text, p_subject uuid, p_language text) returns void
language sql set search_path = pg_catalog, public as $$
  with gone as (
    delete from search_documents d
    where d.workspace_id = own and d.kind = p_kind and d.subject_id = p_subject
      and (p_language is null or d.language = p_language)
    returning d.language, d.terms
  )
  insert into search_word_changes (workspace_id, id, language, added, removed)
  select own, gen_random_uuid(), language, '{}', tsvector_to_array(terms) || ''::text from gone
$$;
revoke all on function remove_search_documents(uuid, text, uuid, text) from public;
grant execute on function remove_search_documents(uuid, text, uuid, text) to lahko_app;

-- Adds up to `most` changes. Two at once take different ones, and words in one order. As the caller, under the policy.
create function fold_search_words(own uuid, most integer) returns integer
language plpgsql set search_path = pg_catalog, public as $$
declare
  taken integer;
begin
  with gone as (
    delete from search_word_changes c where c.workspace_id = own and c.id in (
      select w.id from search_word_changes w where w.workspace_id = own limit most for update skip locked)
    returning c.language, c.added, c.removed
  ), counted as (
    select each.language, each.term, sum(each.more) as more from (
      select g.language, unnest(g.added) as term, 1 as more from gone g
      union all select g.language, unnest(g.removed), -1 from gone g) each
    group by 1, 2 having sum(each.more) <> 0
  ), written as (
    insert into search_words as w (workspace_id, language, term, documents)
    select own, language, term, more from counted order by language, term collate "C"
    on conflict (workspace_id, language, term) do update set documents = w.documents + excluded.documents
  )
  select count(*) into taken from gone;
  return taken;
end $$;
revoke all on function fold_search_words(uuid, integer) from public;
grant execute on function fold_search_words(uuid, integer) to lahko_app;

-- Likeness and matching are not leakproof, so under row-level security they would not reach their indexes. What follows
-- reads the workspace from the setting and returns words of a vocabulary, or ids.

-- Words of a language as they are written that are like others, and those that contain them.
create function similar_search_words(p_language text, p_words text[], p_parts text[], p_most integer)
returns table (given text, word text, documents integer, likeness real)
language sql stable security definer set search_path = pg_catalog, public
set pg_trgm.similarity_threshold = 0.25 as $$
  select g.given, substr(s.term, 2), s.documents, s.likeness
  from unnest(p_words) g(given) cross join lateral (
    select w.term, w.documents, similarity(w.term, g.given) as likeness from search_words w
    where w.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and w.language = p_language
      and w.term ^@ '=' and w.term % g.given and w.documents > 0
    order by likeness desc, w.documents desc, w.term limit p_most) s
  union all
  select g.given, substr(s.term, 2), s.documents, 0
  from unnest(p_parts) g(given) cross join lateral (
    select w.term, w.documents from search_words w
    where w.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and w.language = p_language
      and w.term ^@ '=' and w.term like '=%' || g.given || '%' and w.documents > 0
    order by w.documents desc, w.term limit p_most) s
$$;
revoke all on function similar_search_words(text, text[], text[], integer) from public;
grant execute on function similar_search_words(text, text[], text[], integer) to lahko_app;

-- Who matches, the likeliest `most`, with how well each group of terms is matched in it. A probe (language, terms, gain)
-- selects; what the probes that select a document gain together decides which are looked at. A term (language, group,
-- terms, weight) is looked for in those: a group's grade is that of its best term, from 0 to its weight.
create function search_candidates(p_probes jsonb, p_terms jsonb, p_needed tsquery, p_kinds text[], p_all boolean,
  p_signed_in boolean, p_organisations uuid[], p_most integer)
returns table (kind text, subject_id uuid, language text, length integer, grades real[])
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare
  own uuid := nullif(current_setting('app.workspace', true), '')::uuid;
begin
  return query
    with probed as materialized (
      select h.place, sum(p.gain) as gain
      from jsonb_to_recordset(p_probes) as p(language text, terms text, gain real)
      cross join lateral (
        select d.ctid as place from search_documents d
        where d.workspace_id = own and d.language = p.language
          and d.terms @@ (case when p_needed is null then p.terms::tsquery else p.terms::tsquery && p_needed end)
          and (p_kinds is null or d.kind = any (p_kinds))
          and (p_all or d.audience = 'public' or p_signed_in and (d.audience = 'signed-in'
            or d.audience = 'organisations' and d.organisation_ids && p_organisations))
        limit 5000) h
      group by h.place order by sum(p.gain) desc, h.place limit p_most
    ), likely as materialized (
      -- Put together, so that each is fetched once.
      select d.kind, d.subject_id, d.language, d.length, d.terms || ''::tsvector as terms
      from probed p join search_documents d on d.ctid = p.place
    ), wanted as materialized (
      select t.language, t.group, t.terms::tsquery as terms, t.weight
      from jsonb_to_recordset(p_terms) as t(language text, "group" integer, terms text, weight real)
    )
    select l.kind, l.subject_id, l.language, l.length, g.grades from likely l
    cross join lateral (
      select array_agg(b.grade order by b.group) as grades from (
        select w.group, max(w.weight * ts_rank('{0.3, 0.3, 0.8, 1}', l.terms, w.terms))::real as grade
        from wanted w where w.language = l.language group by w.group) b) g;
end $$;
revoke all on function search_candidates(jsonb, jsonb, tsquery, text[], boolean, boolean, uuid[], integer) from public;
grant execute on function search_candidates(jsonb, jsonb, tsquery, text[], boolean, boolean, uuid[], integer) to lahko_app;
