/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idtoken_vectors.h - keys of an issuer, and a token by each algorithm, made
 * with the crypto module of Node.js 20.
 */
#ifndef AIA_TESTS_IDTOKEN_VECTORS_H
#define AIA_TESTS_IDTOKEN_VECTORS_H

static const char rsa_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCkVzY1iw30UXpM\n"
    "l8JZ9YCyDlMoi9AT8x7TjAqYyS6VEfApMuf2o1FqAiUrd5eePZ3crERG9dsFOD/P\n"
    "s7cS7ksBhV/ft2n4tfWuCx8YdkAt/a39LBkLJSZXWGgDy13lnKYvKAVlJ8Mm1a9A\n"
    "0asBnQ/h0JoMbbgW3/VhrK2YJM0PJ65N5/hj61QrJQ/imUP8EVP7VH5L5XuliH01\n"
    "01FNQ7V0RVkBdRlvJ98iQQMU8l3KHxVP1OmCRWZw6tZ8L+BtWUTVzvADcZPPDDPE\n"
    "HdtC3PiNS1IZoOv6pxaqX6IND9lsUT/0y24Y9rB63IRBXDYOCYam92vhG+Ywu61r\n"
    "jMadxzAXAgMBAAECggEADOMRNgH+qPh/Wc89ZywtwzNas7TBrzbNkDLh8oOK2sIK\n"
    "g6iMG8FIf+1wIxL15EDvsUoe8TOT+7pNTV50jjr6eGw64u0GldbAT71r2vwMN1m2\n"
    "Zu0qKj9nsh9qygAMumszdZeH/hvanUp8u4gAMW2yvPdMhTSmDsEm2a8eo8N1rb5D\n"
    "gZOxZY3aKvZOBdVDxnO9W9UU2vl1sfbNLWT2dfVCaSncrJdmbB7fNsnKRKJUcAuU\n"
    "agJ0QQZHLaN06n6tS0fnSi8TKju3dwMp8xieRjVpocnASATJzWe1bGCeBnKt8VH4\n"
    "tLry8awHaWdaM8t0cO8IU1aE8HTyL/oOHwR25Sog0QKBgQDQLqPD/sQQFEnSbWA+\n"
    "JSBrx5tBCd2qoAqb5q20FcnrjyrFqH3eNXCLePbHRQUg4UJe7H92K9LmE/33OlBa\n"
    "yAGq2zoNTH1C4XsjpqRACbpmc+2Le0SGdXPEe6zmA/B6NPXnRIIcXJmqmoTFeCcu\n"
    "n9Sb05hpOpLNioQCXdkNNXLchwKBgQDKFqOGL1emFOxgba2joTdnELDpPICMN1av\n"
    "ugXuf+1Fb7JEDhWCTM4RDXka+ObZlFHGuO/EnAkAvJGeiy1qf+XB6IfqrYMlgyzX\n"
    "DJF5NYwmbOrvhMc45xVgAnp1WNSh14L2p2MQbrr3ky0/wRAnv5hS6L+1obe27WOO\n"
    "rDzU/3AD8QKBgQCnlfQFMhB49SwcNio0vMRlnxCvAZcs5JrFt6P7hVK/ysdeyG1S\n"
    "tOg9jonyDfC78DnymiVdZpfm2Q8ntwy6l6kn9kS8MefgMA1lvJ8aYfpowUfncbrP\n"
    "Fruz3u9nVqJ+biXKH08yL6UQPkVFhZzdHpMTQfm+NAW7apcsJIo25ODq/wKBgG33\n"
    "b7g+3sUDMbUvOYOG4Kz2yi3AvHqQSl2JLl0fw687HpglydKDlMZ2vGXO91+CdBVc\n"
    "4SvtdICwG9VYCrifLBkePYeYL3skLCxBLI/2cXMfZaA8cmQmat05vAVK9zmyGhO5\n"
    "9hAlERxTPBYrKm1Wtr625Esj2uJxvvEODHQjI4MhAoGBAK10trMr8sEwS173uYDp\n"
    "CJwGPbFM21SIz5KfF4Aeqk8xcr1gHxx85/Lj2Q2Oa7bIE9ZFMLn3oSGenpCcWpzY\n"
    "RHlcgwGW6mOkRL9dvZteAyvHPnAFWp3A7ASrT6dhWuQFbdUX9p8kR4qsD+xpTd4+\n"
    "iAZxMk3Wo7Ac6koa/u4qt1XP\n"
    "-----END PRIVATE KEY-----\n";

static const char ec_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHzuPpnBOGzrcOkdb\n"
    "N/B9Q6YbGiNVj3P33bnAAPaF5IChRANCAATJRIHltLJUpuGMv6dZeBxbWEzRmssk\n"
    "yBySz5t5/7ON5ZW61WzdVLlaLmg/kCvBGlbqCq6lO5P+CKbF2p/FPVJn\n"
    "-----END PRIVATE KEY-----\n";

static const char jwks[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"pFc2NYsN9FF6TJfCWfWAsg5TKIvQE"
    "_Me04wKmMkulRHwKTLn9qNRagIlK3eXnj2d3KxERvXbBTg_z7O3Eu5LA"
    "YVf37dp-LX1rgsfGHZALf2t_SwZCyUmV1hoA8td5ZymLygFZSfDJtWvQ"
    "NGrAZ0P4dCaDG24Ft_1YaytmCTNDyeuTef4Y-tUKyUP4plD_BFT-1R-S"
    "-V7pYh9NdNRTUO1dEVZAXUZbyffIkEDFPJdyh8VT9TpgkVmcOrWfC_gb"
    "VlE1c7wA3GTzwwzxB3bQtz4jUtSGaDr-qcWql-iDQ_ZbFE_9MtuGPawe"
    "tyEQVw2DgmGpvdr4RvmMLuta4zGnccwFw\",\"e\":\"AQAB\",\"kid\":\"rsa"
    "-1\",\"use\":\"sig\"},{\"kty\":\"EC\",\"x\":\"yUSB5bSyVKbhjL-nWXgcW1"
    "hM0ZrLJMgcks-bef-zjeU\",\"y\":\"lbrVbN1UuVouaD-QK8EaVuoKrqU7"
    "k_4IpsXan8U9Umc\",\"crv\":\"P-256\",\"kid\":\"ec-1\",\"use\":\"sig\","
    "\"alg\":\"ES256\"},{\"kty\":\"EC\",\"x\":\"H6lmLLZPiWm9f8KDg16hb6x_"
    "DbZqFssVC4PF_XiLOGziluUbFkGVTsAAnVXMlp-t\",\"y\":\"8kLETAzr6"
    "vt__glAsl0Q8uQrItEdO5wNGcOhKCtQ10v9BT-rmrNQZ7dut7lUn0iA\""
    ",\"crv\":\"P-384\",\"kid\":\"ec-384\"},{\"kty\":\"EC\",\"x\":\"ANyrCZmo"
    "2mzurY2RnJuFxNRP2DpNDnEp-J1Gurq7aHjFvQrccvkPEALLEHcwd6Xh"
    "RXm_QH25YCjALo-Kj1pGZpZm\",\"y\":\"AZ3jxcfBqBdx3HURE96ZGaeXr"
    "sVc0TrsyO-2ZY7Rv-FmrM1kE-AgNL5n7r_fIeM_7FNh9UaCPFDXXLIu5"
    "TdOORK_\",\"crv\":\"P-521\",\"kid\":\"ec-521\"}]}";

static const char token_rs256[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.LXN9c9QoxGW7-2OPaMPvtkv-jSC-rC-WaVzeKojICggWQIzb"
    "JpwuAF4NGHtA-Li6ASVicnw7tcQKpNstBG-F6bQnqZi3IFWZPKPWs8Dn"
    "ZBtZj8lfl6h5n95JZdF7gbeo6ym3_vy9I8rmqQuH30EP8y6C9oN-gavF"
    "GuNvZMUDPEAsEk4SJTwzsNZDEZrFrLmoEKA_-rUxP0Xv1tDKGRMKYuyO"
    "N9PS1ci7wiCbeS1lFfukoIpuUACksJgk-IuCONe7p1O8LNsBzATcDVsF"
    "yxjf0G26HsEzUp8MkhRcMpTLxnhHsaIQdyI_auLoSHCla2JBe9NNGTtp"
    "6vgyFgLhfo-uEg";

static const char token_rs384[] =
    "eyJhbGciOiJSUzM4NCIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.KHEWD-T-x71Gm8MOprUN9G0Z4I5GnwrRswl030qASCSt-yQE"
    "pbBVwHdA9-colQxdcB4w4DM6CBGdf2wO996fi5wUQHY9maLcvNk1E2lT"
    "VQTFG1qSBHX7mdAkIMH9cfXpE9P1j578D-p0V1y-Sx1K5veYtENDoQhw"
    "1fUwZ2DrZBTluBhSnLEe2rSdrO7xPht-vSStzjs9yg6gY0K2QBjguMH7"
    "KGgRKb2l--10K8qIjk9M5LemGw8UwrnRCISSlSrn5VQwVzgbYut-96sD"
    "eq0DwDdDCK-3FfbWiJSs3vnpNcVFIUTdZjpDFnE0hxQfShNuEidzY8JO"
    "ZpXBbF6fJbBSrQ";

static const char token_rs512[] =
    "eyJhbGciOiJSUzUxMiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.R-MgBHnwf_KrlEJK7Q0cVGg6b43hBTLr5k3dlmjHToU3LN5v"
    "XPpWi-VlQjPFCUsdYlwHXAjE8EwZKL1vVHRLKcLtPPBozWj0qLZudqzb"
    "WCpntMCjFkclgu_CHzs8_SP_sWMEE34RSoB4YCijMHwNI--EowZNxvBr"
    "H5gMBjn0_oQKiP2qqzb9h2rNJmPCW6Nshl5-e9YKSshHtDch1fOB9yJn"
    "yfz905plzMrocFSkXSf38agW03l-Njd9AjMxxR3LgkblcJpAxYadwtlk"
    "vCBFo1A80g7382vDebYRTRD9syLQYEQJA36in2azLoSvUdg9daIZGVW2"
    "kNrpB_3M54ZHYg";

static const char token_ps256[] =
    "eyJhbGciOiJQUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.nNOaWipzhrlf1rblCt0ZQr6lSS1D5ZG2kw9p08dstaN879lh"
    "6LWwhOHdu47pCfQ7dV39bF3UOZVDkLDrj7pOjvi0_oPwCVFT7vea6o_Z"
    "R5OizajL9tWghZ2Dej8LgGc-6JTnCzfkaB_Wm6OatDHo8hYlZiWjLlXa"
    "t2Tpl2NN6oDeimJdmer2mH13ExHxe59s1uXFZoOM1zl8jpjRZj2JlpaW"
    "PtVWKZqLRj5aqUq8D5w1vcuMf9nqfXkEw6QtgV2cIuwCq1MQYaaF6RCt"
    "PuYlOcY5NJVvMNd_GpAmK3V6Rna-qQ71V3l8Qy1gm5vtDWBS1bI8d-gX"
    "5kIArdzHPU506g";

static const char token_ps384[] =
    "eyJhbGciOiJQUzM4NCIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.TMEYe6Xmi3XyAddIFb8y18Id5fWQO8EvIXwMmZHDuVXJM3KK"
    "3BFtV5zgJtMPKtkzY9SQMSAnEn2nNFGYdsLEhO_040WUfok6wBoJQzw9"
    "zCxiv17ejNVow-skXBxs0R4PUrNRQBGOoUGIN2fcXdXn_VZkGDKBnYg0"
    "F1xNpwHekTcw-imDd73z0sdp6TyRQjqkzHWi5mkOiEpUOa0r6nSvK71z"
    "nOUKLzELL6Ml2bqz14XKPrBWDSKWogyUnof-bjqAouZ6UulXUTe1n2Q-"
    "PCSlmzK25F2sn9ou5bwwdZEydtmwnoRNiSY7OzRkXl30pFE3b60pzFWb"
    "wh038SfFd0g3Qg";

static const char token_ps512[] =
    "eyJhbGciOiJQUzUxMiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0."
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJh"
    "dWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAw"
    "MDAxMH0.FTt60o2zLLMuZh2IyX9ID9vh9BT93U2RtAKJhe0eHES8dBq5"
    "twuRYKvVVRSSfEP2G0O3oV8FnuOhUP4wxaaXiPCQ8m9m3NAabdEycwp3"
    "x8X0h_WQXstVcogAK1cGQBdA4hKPG5WNP2hxMBpe2YgG53_uLejMboPb"
    "55tBI70GVmHkSokY9yQGpxGqSRBplt6pViiEXQF5iiBFka1VdGEokkft"
    "5w0Pvrd9dA61f8OoopyYgt9kFTbiYhR6cTOoEI5fw2v-XawWJ25bP5Ys"
    "tUvxvIP_cFbYvu6jN27goNuKGe4_zb6jKzhvk2nLKe5jNq7QvFHmyPtp"
    "es_TjhpvB6HFiA";

static const char token_es256[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ.e"
    "yJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJhd"
    "WQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDAwM"
    "DAxMH0.Bhre1ySr3EeNtMcfRJFSwSKc3pihdEDBqKKdNyhtPmiSVAYrQ"
    "CzIksKbk6gQ7zwA8ObzpV80_9hepFI_QD_Mhw";

static const char token_es384[] =
    "eyJhbGciOiJFUzM4NCIsImtpZCI6ImVjLTM4NCIsInR5cCI6IkpXVCJ9"
    ".eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJ"
    "hdWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDA"
    "wMDAxMH0.uNS0qeMAdKJw0hhcNXxJXZc-UFxqnyaOeN2bO03Z3--0ST-"
    "7YOYww0a5ErxekI9oBZ6xxyMxnMZwOG2IjwmWQ6YM3CPobWH8-XOROVT"
    "r1WNTEZTzXFBhjHRLVnFxAwu5";

static const char token_es512[] =
    "eyJhbGciOiJFUzUxMiIsImtpZCI6ImVjLTUyMSIsInR5cCI6IkpXVCJ9"
    ".eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1LTEiLCJ"
    "hdWQiOiJhaWF1dGgiLCJleHAiOjE4MDAwMDA2MDAsImlhdCI6MTgwMDA"
    "wMDAxMH0.Ab2Qq1z5rt9EjoquuDiroP9xzPcDhce53hQN3PxPofBCc5e"
    "xyqlP4EZAezHF1UCJKiZuM8XngC3gr8D0XPFEKwdwAY_I3e2VOotYGgE"
    "1tAy9brFHAaOeJfReV5CrQ-B2DHTdlAIZjw5sddwDkbbCVczF6B3pYfI"
    "gaP_-jBFov2aVn-0N";

#endif
