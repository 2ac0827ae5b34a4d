#ifndef RULE_ALERT_H
#define RULE_ALERT_H

#include "network_rule.h"

/* Hands the collected alerts over. */
void rule_take_alerts(exports_reddalert_rule_lifecycle_list_alert_t *taken);

#endif
