using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The routes that speak Gemini's <c>generateContent</c>, and the one that puts a prompt into it.</summary>
internal sealed class GeminiWing : IWing
{
    private const string Generate = "/v1beta/models/{model}:generateContent";
    private const string Stream = "/v1beta/models/{model}:streamGenerateContent";
    private const string CountTokens = "/v1beta/models/{model}:countTokens";

    public KeyHeader KeyHeader { get; } = new("x-goog-api-key");

    public HeaderTable Headers => GeminiHeaders.Table;

    public string BaseAddressHere => "the base URL of Google's clients has no path";

    public bool MayBeFrom(HttpRequest request) => request.Headers.ContainsKey(KeyHeader.Name) || request.Path.StartsWithSegments("/v1beta", StringComparison.OrdinalIgnoreCase);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => GeminiErrors.Refuse(refusal);

    public void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        var dialect = new GeminiDialect();
        MapAnswering("json", Generate, []);
        MapAnswering("sse", Stream, GeminiHeaders.StreamQuery);
        routes.MapPassThrough(CountTokens, new ProviderRoute(provider, dialect, CountTokens));
        routes.MapCall(
            "/v1/agents/{agent}/runs/{run}/gemini/generateContent",
            new ProviderRoute(provider, new GeminiPromptDialect(), Generate) { Form = GeminiRunForm.Instance });

        void MapAnswering(string form, string pattern, IReadOnlyList<string> query)
        {
            var route = new ProviderRoute(provider, dialect, pattern) { Query = query };
            routes.MapPost(pattern, context =>
            {
                RequireAnswerAs(context, form);
                return context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route);
            }).WithMetadata(dialect).Allow(AccessRule.Use);
        }
    }

    /// <summary>Only what can be metered: JSON as a whole, or server-sent events.</summary>
    private static void RequireAnswerAs(HttpContext context, string form)
    {
        var query = context.Request.Query;
        var asked = string.Join(',', query["alt"].Concat(query["$alt"]));
        if (form == "sse" && asked != form)
        {
            throw new BadRequestException("Only streams of server-sent events can be metered. Add ?alt=sse to the address.");
        }

        if (form != "sse" && asked is not ("" or "json"))
        {
            throw new BadRequestException("Only JSON answers can be metered. Leave 'alt' out of the address.");
        }
    }
}
