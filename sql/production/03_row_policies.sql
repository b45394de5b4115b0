-- Analysts with accounts of their own, one tenant each. The tenant is a setting of the user that the user cannot change;
-- custom_settings_prefixes of the server must list SQL_. Not for views with the rights of their definer: a policy holds
-- for whoever reads the table.
CREATE ROLE IF NOT EXISTS playhead_analyst SETTINGS PROFILE 'playhead_reader';
GRANT SELECT ON playhead.* TO playhead_analyst;

CREATE ROW POLICY IF NOT EXISTS playhead_tenant ON playhead.*
    USING tenant = getSetting('SQL_playhead_tenant') TO playhead_analyst;

CREATE USER IF NOT EXISTS an_analyst IDENTIFIED WITH sha256_password BY 'replace me'
    DEFAULT ROLE playhead_analyst SETTINGS SQL_playhead_tenant = 'acme' CONST;
GRANT playhead_analyst TO an_analyst;
