-- The knowledge base: collections, articles with their translations and versions, and what readers said of them.

-- Where articles are found, to three levels.
create table article_collections (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- Null: on the first level.
  parent_id uuid,
  slug text not null,
  -- As a folder of files calls it, where that is not its address.
  folder text,
  -- { en?, sl?, nb? }
  titles jsonb not null,
  -- Among those beside it.
  position integer not null,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, parent_id) references article_collections (workspace_id, id)
);
select protect_tenant_table('article_collections');
create index article_collections_order on article_collections (workspace_id, parent_id, position, id);

create table articles (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  collection_id uuid not null,
  slug text not null,
  -- Among those of its collection.
  position integer not null,
  owner_id uuid,
  -- When its owner wants to look at it again, and every how many months.
  review_on date,
  review_months smallint check (review_months between 1 and 60),
  -- Null: its owner has not been told of that day.
  review_told_at timestamptz,
  -- Who said last that it is still right; null: nobody, or a member who left.
  confirmed_by uuid,
  confirmed_at timestamptz,
  audience text not null default 'public' check (audience in ('public', 'signed-in', 'organisations')),
  -- Whose customers may read it, where that is the audience.
  organisations text[] not null default '{}',
  -- In which it is written first; translations are out of date when it is newer.
  main_language text not null check (main_language in ('en', 'sl', 'nb')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, collection_id) references article_collections (workspace_id, id),
  foreign key (workspace_id, owner_id) references members (workspace_id, id) on delete set null (owner_id),
  foreign key (workspace_id, confirmed_by) references members (workspace_id, id) on delete set null (confirmed_by)
);
select protect_tenant_table('articles');
create index articles_order on articles (workspace_id, collection_id, position, id);
create index articles_review on articles (workspace_id, review_on, id) where review_on is not null;
create index articles_owner on articles (workspace_id, owner_id) where owner_id is not null;
create index articles_confirmer on articles (workspace_id, confirmed_by) where confirmed_by is not null;
create index articles_to_tell on articles (workspace_id, review_on)
  where review_on is not null and review_told_at is null;

-- An article in one language: its draft, and which of its versions readers see.
create table article_translations (
  workspace_id uuid not null,
  article_id uuid not null,
  language text not null check (language in ('en', 'sl', 'nb')),
  title text not null,
  summary text not null,
  -- What readers may call it: found by, not shown.
  keywords text not null default '',
  -- Markdown.
  body text not null,
  -- Rises with each change of the draft: who writes over another's says which one they had read.
  revision integer not null default 1,
  -- Null: a program, or a member who left.
  edited_by uuid,
  edited_at timestamptz not null,
  -- The version that readers see; null: they see none.
  published_number integer,
  published_revision integer,
  published_at timestamptz,
  searched text not null generated always as (fold_words(title)) stored,
  primary key (workspace_id, article_id, language),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade,
  foreign key (workspace_id, edited_by) references members (workspace_id, id) on delete set null (edited_by)
);
select protect_tenant_table('article_translations');
create index article_translations_editor on article_translations (workspace_id, edited_by) where edited_by is not null;
-- What readers may see, for the map of the site.
create index article_translations_published on article_translations (workspace_id, article_id, language)
  where published_number is not null;

-- Drafts that say something else than what readers see, or that they see nothing of.
create index article_translations_unseen on article_translations (workspace_id, article_id)
  where published_revision is distinct from revision;
create index article_translations_searched on article_translations using gin (workspace_id, searched gin_trgm_ops);

-- As search_customers (0003): ids of articles that have all these words in a title, in no order; those who call have
-- escaped them, and put first what finds least.
create function search_article_titles(patterns text[], most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
begin
  return query select distinct t.article_id from article_translations t
    where t.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
      and t.searched like fold_words(patterns[1])
      and not exists (select from unnest(patterns) p where t.searched not like fold_words(p))
    limit most;
end $$;
revoke all on function search_article_titles(text[], integer) from public;
grant execute on function search_article_titles(text[], integer) to lahko_app;

-- What was published, as it was: never changed but for what is made of it.
create table article_versions (
  workspace_id uuid not null,
  article_id uuid not null,
  language text not null,
  number integer not null,
  title text not null,
  summary text not null,
  keywords text not null default '',
  body text not null,
  html text not null,
  -- Its headings: [{ id, text, level }]
  contents jsonb not null,
  minutes smallint not null,
  -- What made these three of the text; another one makes them again.
  renderer integer not null default 0,
  -- Of a translation: which version of the main language it was made beside.
  source_number integer,
  published_by uuid,
  published_at timestamptz not null,
  primary key (workspace_id, article_id, language, number),
  foreign key (workspace_id, article_id, language)
    references article_translations (workspace_id, article_id, language) on delete cascade,
  foreign key (workspace_id, published_by) references members (workspace_id, id) on delete set null (published_by)
);
select protect_tenant_table('article_versions');
-- Translations, each with what it was made beside.
create index article_versions_translated on article_versions (workspace_id, article_id, language, number)
  where source_number is not null;
create index article_versions_publisher on article_versions (workspace_id, published_by)
  where published_by is not null;

-- Pictures, each once: the same bytes are the same picture, in whatever articles.
create table article_pictures (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  file_id uuid not null,
  -- The same, narrower, for small screens; null where the picture itself is hardly wider, or moves.
  narrow_file_id uuid,
  -- SHA-256 of what came and of what was made of it: either comes again with a folder.
  came_hash bytea not null,
  kept_hash bytea not null,
  -- In pixels.
  width integer not null,
  height integer not null,
  -- When it last came.
  came_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, came_hash),
  foreign key (workspace_id, file_id) references files (workspace_id, id),
  foreign key (workspace_id, narrow_file_id) references files (workspace_id, id)
);
select protect_tenant_table('article_pictures');
create index article_pictures_kept on article_pictures (workspace_id, kept_hash);
create index article_pictures_file on article_pictures (workspace_id, file_id);
create index article_pictures_narrow_file on article_pictures (workspace_id, narrow_file_id)
  where narrow_file_id is not null;
create index article_pictures_came on article_pictures (workspace_id, came_at);

-- Which texts show a picture: whoever may read one of them may see it, and without any it is forgotten.
create table article_picture_uses (
  workspace_id uuid not null references workspaces on delete cascade,
  picture_id uuid not null,
  article_id uuid not null,
  language text not null,
  -- Of the version; 0: the draft.
  number integer not null,
  primary key (workspace_id, picture_id, article_id, language, number),
  foreign key (workspace_id, picture_id) references article_pictures (workspace_id, id),
  foreign key (workspace_id, article_id, language)
    references article_translations (workspace_id, article_id, language) on delete cascade
);
select protect_tenant_table('article_picture_uses');
create index article_picture_uses_text on article_picture_uses (workspace_id, article_id, language, number);

-- Who was asked to look at a draft, and what they said of it: the newest of a translation is the one that holds.
create table article_reviews (
  workspace_id uuid not null,
  id uuid not null,
  article_id uuid not null,
  language text not null,
  -- Null: a program, or a member who left.
  asked_by uuid,
  asked_at timestamptz not null,
  -- Null: whoever may publish.
  reviewer_id uuid,
  note text not null,
  -- Null: it waits. `over`: published without it, asked anew, or taken back.
  outcome text check (outcome in ('approved', 'returned', 'over')),
  -- Of the draft that was looked at: an approval holds for this one and no other.
  revision integer,
  decided_by uuid,
  decided_at timestamptz,
  answer text,
  primary key (workspace_id, id),
  check ((outcome is null) = (decided_at is null)),
  foreign key (workspace_id, article_id, language)
    references article_translations (workspace_id, article_id, language) on delete cascade,
  foreign key (workspace_id, asked_by) references members (workspace_id, id) on delete set null (asked_by),
  foreign key (workspace_id, reviewer_id) references members (workspace_id, id) on delete set null (reviewer_id),
  foreign key (workspace_id, decided_by) references members (workspace_id, id) on delete set null (decided_by)
);
select protect_tenant_table('article_reviews');
create index article_reviews_translation on article_reviews (workspace_id, article_id, language, id desc);
create unique index article_reviews_waiting on article_reviews (workspace_id, article_id, language)
  where outcome is null;
create index article_reviews_asker on article_reviews (workspace_id, asked_by) where asked_by is not null;
create index article_reviews_reviewer on article_reviews (workspace_id, reviewer_id) where reviewer_id is not null;
create index article_reviews_decider on article_reviews (workspace_id, decided_by) where decided_by is not null;

-- How a workspace works on its articles: nothing is asked for unless somebody has said so.
create table article_rules (
  workspace_id uuid primary key references workspaces on delete cascade,
  -- Whether somebody else must have approved what is published.
  approval_needed boolean not null,
  -- Which survey asks whom an article has helped, or not, how easy it was.
  effort_survey_id uuid,
  foreign key (workspace_id, effort_survey_id) references surveys (workspace_id, id) on delete set null (effort_survey_id)
);
select protect_tenant_table('article_rules');

-- What is to be published, or taken back, at a time.
create table article_schedules (
  workspace_id uuid not null,
  article_id uuid not null,
  language text not null,
  action text not null check (action in ('publish', 'unpublish')),
  due_at timestamptz not null,
  primary key (workspace_id, article_id, language, action),
  foreign key (workspace_id, article_id, language)
    references article_translations (workspace_id, article_id, language) on delete cascade
);
select protect_tenant_table('article_schedules');
create index article_schedules_due on article_schedules (workspace_id, due_at);

-- Each address below /help that there is or was: one that was leads to where its thing is now.
create table article_addresses (
  workspace_id uuid not null,
  slug text not null,
  article_id uuid,
  collection_id uuid,
  primary key (workspace_id, slug),
  check (num_nonnulls(article_id, collection_id) = 1),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade,
  foreign key (workspace_id, collection_id) references article_collections (workspace_id, id) on delete cascade
);
select protect_tenant_table('article_addresses');
create index article_addresses_article on article_addresses (workspace_id, article_id) where article_id is not null;
create index article_addresses_collection on article_addresses (workspace_id, collection_id)
  where collection_id is not null;

-- What readers said: whether it helped, and if not, why. Nothing says who they are.
create table article_votes (
  workspace_id uuid not null,
  id uuid not null,
  article_id uuid not null,
  language text not null,
  -- The version that they had read.
  number integer not null,
  -- The capability to add a reason: who sent the form has it.
  token_hash bytea not null,
  helpful boolean not null,
  reason text check (reason in ('unclear', 'wrong', 'missing', 'other')),
  comment text,
  at timestamptz not null,
  -- When the comment was dealt with, and by whom; null: a program, or a member who left.
  settled_at timestamptz,
  settled_by uuid,
  primary key (workspace_id, id),
  unique (workspace_id, token_hash),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade,
  foreign key (workspace_id, settled_by) references members (workspace_id, id) on delete set null (settled_by)
);
select protect_tenant_table('article_votes');
create index article_votes_article on article_votes (workspace_id, article_id, id desc);
create index article_votes_newest on article_votes (workspace_id, at desc) include (article_id);

create index article_votes_comments on article_votes (workspace_id, article_id, id desc) where comment is not null;
create index article_votes_reasons on article_votes (workspace_id, article_id) where reason is not null;
create index article_votes_open on article_votes (workspace_id, article_id, id desc)
  where comment is not null and settled_at is null;
-- The same over all articles.
create index article_votes_all_comments on article_votes (workspace_id, id desc) where comment is not null;
create index article_votes_all_open on article_votes (workspace_id, id desc)
  where comment is not null and settled_at is null;
create index article_votes_settler on article_votes (workspace_id, settled_by) where settled_by is not null;

-- How many votes of each kind an article has. Whoever votes changes it in the same transaction.
create table article_ratings (
  workspace_id uuid not null,
  article_id uuid not null,
  helpful integer not null check (helpful >= 0),
  unhelpful integer not null check (unhelpful >= 0),
  -- The lower bound (Wilson, 95 %) of the share whom it did not help: by this the worst come first.
  worst double precision not null,
  primary key (workspace_id, article_id),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete cascade
);
select protect_tenant_table('article_ratings');
create index article_ratings_worst on article_ratings (workspace_id, worst desc, article_id desc)
  where helpful + unhelpful > 0;

-- What members miss: an article that is not there, or one that says something wrong.
create table article_gaps (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('missing', 'wrong')),
  text text not null,
  -- Which says something wrong, or answers the gap now.
  article_id uuid,
  -- The ticket in which it was missed, of the module tickets.
  ticket_id uuid,
  ticket_number integer,
  reported_by uuid,
  reported_at timestamptz not null,
  -- Null: open.
  outcome text check (outcome in ('answered', 'dismissed')),
  closed_by uuid,
  closed_at timestamptz,
  primary key (workspace_id, id),
  check ((outcome is null) = (closed_at is null)),
  foreign key (workspace_id, article_id) references articles (workspace_id, id) on delete set null (article_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete set null (ticket_id),
  foreign key (workspace_id, reported_by) references members (workspace_id, id) on delete set null (reported_by),
  foreign key (workspace_id, closed_by) references members (workspace_id, id) on delete set null (closed_by)
);
select protect_tenant_table('article_gaps');
create index article_gaps_open on article_gaps (workspace_id, id desc) where outcome is null;
create index article_gaps_closed on article_gaps (workspace_id, id desc) where outcome is not null;
create index article_gaps_article on article_gaps (workspace_id, article_id) where article_id is not null;
create index article_gaps_ticket on article_gaps (workspace_id, ticket_id) where ticket_id is not null;
create index article_gaps_reporter on article_gaps (workspace_id, reported_by) where reported_by is not null;
create index article_gaps_closer on article_gaps (workspace_id, closed_by) where closed_by is not null;
