import { embedded, image, text } from './content.js';
import type { Content } from './content.js';

export interface FixturePrompt {
  readonly name: string;
  readonly argumentNames: readonly string[];
  content(args: Readonly<Record<string, string>>): readonly Content[];
}

/** The prompt whose first argument can be completed. */
export const COMPLETABLE = 'arg1';

export function completions(value: string): string[] {
  return ['paris', 'park', 'party', 'test'].filter((word) => word.startsWith(value));
}

export const prompts: readonly FixturePrompt[] = [
  { name: 'test_simple_prompt', argumentNames: [], content: () => [text('This is a simple prompt for testing.')] },
  {
    name: 'test_prompt_with_arguments',
    argumentNames: [COMPLETABLE, 'arg2'],
    content: ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    argumentNames: ['resourceUri'],
    content: ({ resourceUri = '' }) => [
      embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ],
  },
  { name: 'test_prompt_with_image', argumentNames: [], content: () => [image(), text('Please analyze the image above.')] },
];
