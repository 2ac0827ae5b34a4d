// The network behind the contract's imports, only in a component of the world `network-rule`.

import { send } from 'reddalert:rule/http@1.0.0';
import { probe } from 'reddalert:rule/tcp@1.0.0';

import { answers } from './component.js';
import { completeRequest } from './network.js';

export const network = {
  send: (requests) => answers(send(requests.map(completeRequest))),
  probe: (targets, timeoutMs) => answers(probe(targets, timeoutMs)),
};
