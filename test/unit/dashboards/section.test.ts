import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { quoted, withSection } from '../../../dashboards/src/section.js';

const file = 'a:\n  # generated: list\n  - old\n  # end of generated\nb:\n  # generated: other\n  # end of generated\n';

describe('withSection', () => {
  it('replaces what stands between the two comments, indented as they are, and nothing else', () => {
    expect(withSection(file, 'list', ['- new', '- newer'])).toBe(file.replace('  - old\n', '  - new\n  - newer\n'));
    expect(withSection(file, 'other', ['- new'])).toBe(file.replace('other\n', 'other\n  - new\n'));
  });

  it('gives the same file when it is run again', () => {
    const once = withSection(file, 'list', ['- new']);
    expect(withSection(once, 'list', ['- new'])).toBe(once);
  });

  it.each([
    ['without the section', 'missing', file],
    ['without its end', 'list', '# generated: list\n'],
    ['with two of the name', 'list', file + file],
  ])('refuses a file %s, and says what to write', (_, name, text) => {
    expect(() => withSection(text, name, [])).toThrow(`Expected "# generated: ${name}" and, below it, "# end of generated" once`);
  });
});

describe('quoted', () => {
  it.each([String.raw`^\d+"$`, "it's", '# no comment', '${env:NAME:-1}', ' edge '])('gives %j back when YAML reads it', (text) => {
    expect(parse(quoted(text))).toBe(text);
  });
});
