namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>Headers and queries that hide, move or raise what a call costs at one provider or another, or that say what is not so.</summary>
internal static class HostileHeaders
{
    private const string Mask = "candidates,usageMetadata.promptTokenCount,usageMetadata.candidatesTokenCount";

    /// <summary>Each with a value that its provider would act on.</summary>
    public static (string Name, string Value)[] All { get; } =
    [
        // What comes back.
        ("x-goog-fieldmask", Mask), ("x-goog-fields", Mask), ("fields", Mask), ("Range", "bytes=0-1"), ("If-Range", "x"), ("If-None-Match", "*"),
        ("If-Modified-Since", "Thu, 26 Nov 2026 00:00:00 GMT"), ("Accept-Encoding", "gzip, br"), ("Accept", "application/x-protobuf"),
        ("Prefer", "return=minimal"), ("x-goog-encode-response-if-executable", "base64"), ("TE", "trailers"), ("Trailer", "x-usage"),

        // Who pays.
        ("OpenAI-Organization", "org-other"), ("OpenAI-Project", "proj_other"), ("anthropic-workspace-id", "wrkspc_other"),
        ("anthropic-organization-id", "org-other"), ("anthropic-user-profile-id", "uprof_other"), ("x-goog-user-project", "other-project"),
        ("x-goog-quota-user", "other"), ("chatgpt-account-id", "other"), ("x-amz-security-token", "other"), ("api-key", "other"),
        ("Cookie", "session=other"), ("Proxy-Authorization", "Basic other"), ("x-goog-iam-authorization-token", "other"), ("x-api-token", "other"),

        // How it is served.
        ("OpenAI-Beta", "multi_agent=v1"), ("x-openai-internal-codex-responses-lite", "false"), ("x-openai-internal-codex-responses", "true"), ("x-codex-beta-features", "remote_compaction_v2"),
        ("X-Vertex-AI-LLM-Request-Type", "dedicated"), ("X-Vertex-AI-LLM-Shared-Request-Type", "priority"), ("x-service-tier", "priority"),
        ("x-goog-request-params", "model=models/dearer"), ("x-goog-api-version", "v1alpha"), ("x-server-timeout", "1"), ("X-Request-Timeout", "1"),
        ("Idempotency-Key", "another-agents"), ("X-Idempotency-Key", "another-agents"), ("OpenAI-Data-Residency", "eu"), ("x-ms-region", "eu"),

        // Which method of the API, and where.
        ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "DELETE"), ("X-Original-URL", "/v1/files"),
        ("X-Rewrite-URL", "/v1/files"), ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Host", "other.example"), ("X-Forwarded-Proto", "http"),
        ("X-Real-IP", "10.0.0.1"), ("Forwarded", "for=10.0.0.1;host=other.example"), ("Via", "1.1 other"), ("Max-Forwards", "0"),

        // What gateways go by.
        ("x-portkey-provider", "other"), ("x-portkey-config", "{}"), ("x-portkey-cache-force-refresh", "true"), ("Helicone-Auth", "Bearer other"),
        ("Helicone-Target-URL", "https://other.example"), ("Helicone-Cache-Enabled", "true"), ("cf-aig-authorization", "Bearer other"),
        ("cf-aig-cache-ttl", "3600"), ("cf-aig-custom-cost", "{}"), ("x-litellm-tags", "other"), ("x-litellm-timeout", "1"), ("x-bf-vk", "other"),
        ("HTTP-Referer", "https://other.example"), ("X-Title", "other"), ("x-envoy-retry-on", "5xx"), ("x-envoy-max-retries", "9"),

        // What is of one connection, or of tracing.
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "a=b"), ("baggage", "a=b"), ("Upgrade", "h2c"),
        ("Keep-Alive", "timeout=1"), ("Proxy-Connection", "close"), ("Content-Language", "xx"), ("Content-Location", "/v1/files"),
        ("Content-Disposition", "attachment"), ("Referer", "https://other.example"), ("Sec-Fetch-Mode", "cors"),

        // What is the sidecar's own.
        ("x-spendguard-charged-microcents", "0"), ("x-spendguard-wait", "1"), ("x-cynsta-run-id", "run"), ("x-caller", "other"),
    ];

    /// <summary>The queries, the first of which a route may be called by.</summary>
    public static string[] Queries { get; } =
    [
        "fields=" + Mask, "$fields=" + Mask, "prettyPrint=false", "$prettyPrint=false", "$.xgafv=2", "callback=c", "quotaUser=other", "access_token=other",
        "oauth_token=other", "userProject=other", "$userProject=other", "$httpMethod=DELETE", "uploadType=media", "api-version=2020-01-01", "key=other",
        "beta=false", "service_tier=priority", "priority=true",
    ];

    /// <summary>Some of them, by a number.</summary>
    public static IEnumerable<(string Name, string Value)> Some(int number)
    {
        var random = new Random(number);
        return All.Where(header => header.Name is not "x-cynsta-run-id" && random.Next(6) == 0);
    }
}
