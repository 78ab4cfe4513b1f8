using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Models;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The routes that speak Gemini's <c>generateContent</c> and embeddings, and the one that puts a prompt into the former.</summary>
internal sealed class GeminiWing : IWing
{
    /// <summary>Whose tables requests go by.</summary>
    public const string Vendor = "gemini";

    private const string Generate = "/v1beta/models/{model}:generateContent";
    private const string Stream = "/v1beta/models/{model}:streamGenerateContent";
    private const string Embed = "/v1beta/models/{model}:embedContent";
    private const string EmbedBatch = "/v1beta/models/{model}:batchEmbedContents";
    private const string CountTokens = "/v1beta/models/{model}:countTokens";

    public KeyHeader KeyHeader { get; } = new("x-goog-api-key");

    public string Tables => Vendor;

    public string ModelList => "/v1beta/models?pageSize=1";

    public IModelForm Models { get; } = new GeminiModelForm();

    public IReadOnlyList<UnmeteredService> Unmetered => GeminiUnmetered.Services;

    public string BaseAddressHere => "the base URL of Google's clients has no path";

    /// <summary>Below one of its paths it speaks another vendor's formats, to that one's clients.</summary>
    public bool MayBeFrom(HttpRequest request) =>
        request.Headers.ContainsKey(KeyHeader.Name)
        || (request.Path.StartsWithSegments("/v1beta", StringComparison.OrdinalIgnoreCase, out var rest)
            && !rest.StartsWithSegments("/openai", StringComparison.OrdinalIgnoreCase));

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => GeminiErrors.Refuse(refusal);

    public void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        var dialect = new GeminiDialect();
        MapAnswering("json", new ProviderRoute(provider, dialect, Generate));
        MapAnswering("sse", new ProviderRoute(provider, dialect, Stream) { Query = GeminiHeaders.StreamQuery });
        MapAnswering("json", new ProviderRoute(provider, new GeminiEmbeddingsDialect(isBatch: false), Embed));
        MapAnswering("json", new ProviderRoute(provider, new GeminiEmbeddingsDialect(isBatch: true), EmbedBatch));
        routes.MapModels("/v1beta", _ => provider);
        routes.MapPassThrough(CountTokens, new ProviderRoute(provider, dialect, CountTokens));
        routes.MapCall(
            "/v1/agents/{agent}/runs/{run}/gemini/generateContent",
            new ProviderRoute(provider, new GeminiPromptDialect(), Generate) { Form = GeminiRunForm.Instance });

        void MapAnswering(string form, ProviderRoute route) => routes.MapPost(route.Path, context =>
        {
            RequireAnswerAs(context, form);
            return context.RequestServices.GetRequiredService<CallHandler>().HandleAsync(context, route);
        }).WithMetadata(route.Dialect).Allow(AccessRule.Use);
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
