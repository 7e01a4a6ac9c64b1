#include "tests/bench/endpoints.h"

enum { SERVER_PORT = 443 };

/* 198.18.0.0/15 is set aside for benchmarks (RFC 2544, C.2.2): clients below, servers above. */
enum {
    FIRST_CLIENT = (int)0xc6120000,
    FIRST_SERVER = (int)0xc6130000,
    FIRST_OF_CROWD = 0x0a000000
};

struct endpoints endpoints_of_plan(const struct plan *plan)
{
    return (struct endpoints){
        .address = {(uint32_t)FIRST_CLIENT + plan->client, (uint32_t)FIRST_SERVER + plan->host},
        .port = {plan->client_port, SERVER_PORT},
    };
}

struct endpoints endpoints_of_number(uint32_t number)
{
    return (struct endpoints){
        .address = {(uint32_t)FIRST_OF_CROWD + number,
                    (uint32_t)FIRST_SERVER + number % PLAN_HOSTS},
        .port = {(uint16_t)(1024 + number % 64000), SERVER_PORT},
    };
}
