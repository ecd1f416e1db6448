/** Whether a service of AWS says, by the name of its error, that it is asked too much for the moment. */
export const saysTooMuch = (name: string): boolean => /throttl|too ?many|limitexceeded/i.test(name);
