using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Providers;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Providers;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>Calls as the sidecar makes them of requests, without a request.</summary>
internal static class SampleCall
{
    private static readonly TokenCounters Counters = new();

    /// <summary>A call to a provider, strict as to what is not known.</summary>
    public static Call Of(string provider, IDialect dialect, JsonElement body, string? namedModel = null) => new()
    {
        Route = new ProviderRoute(Provider(provider), dialect, ""),
        Caller = new Caller(new AgentId("sampled"), new RunId("run")),
        Body = body,
        NamedModel = namedModel,
        Counters = Counters,
        Policy = new FieldPolicy(Strict: true),
        Tables = RequestTables.Bundled,
    };

    private static Provider Provider(string name) => new(name, "", Wings.OpenAI, Key: null, "")
    {
        OutputCap = name is "openai" or "grok" ? OutputCapName.MaxCompletionTokens : OutputCapName.MaxTokens,
    };
}
