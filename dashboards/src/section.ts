/**
 * Returns `file` with new lines between `# generated: <name>` and `# end of generated`, each indented as the first of the two.
 *
 * @throws {Error} if the file has no such section, or two of the name: write the two comments where the lines belong.
 */
export function withSection(file: string, name: string, lines: readonly string[]): string {
  const begin = new RegExp(String.raw`^( *)# generated: ${name}\n`, 'gm');
  const found = [...file.matchAll(begin)];
  const [first] = found;
  const afterBegin = first === undefined ? -1 : first.index + first[0].length;
  const end = first === undefined ? -1 : file.indexOf(`${first[1]}# end of generated\n`, afterBegin);
  if (first === undefined || found.length > 1 || end === -1)
    throw new Error(`Expected "# generated: ${name}" and, below it, "# end of generated" once in the file: write the two comments.`);
  const indented = lines.map((line) => `${first[1]}${line}\n`).join('');
  return file.slice(0, afterBegin) + indented + file.slice(end);
}

/** A text as YAML reads it back unchanged, in single quotes: there, a backslash is only itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
