// Takes a webhook as a receiver does, and prints what it makes of it as one line of JSON.

import { Webhook } from 'standardwebhooks';

const { secret, headers, body } = JSON.parse(process.argv[2]);
console.log(JSON.stringify(take()));

function take() {
  try {
    return { payload: new Webhook(secret).verify(body, headers) };
  } catch (error) {
    return { error: error.message };
  }
}
