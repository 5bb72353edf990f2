/** Before every row in the order of time and id. */
export const FIRST_TIME = '-infinity';
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
