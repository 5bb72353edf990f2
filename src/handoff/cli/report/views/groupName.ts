/** The name of a dimension for people: `retention policy`. */
export function groupName(groupedBy: string | undefined): string {
  return groupedBy?.replaceAll('_', ' ') ?? 'group';
}
