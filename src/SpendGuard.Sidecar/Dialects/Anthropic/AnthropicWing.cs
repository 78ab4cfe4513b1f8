using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Models;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The routes that speak Anthropic's messages.</summary>
internal sealed class AnthropicWing : IWing
{
    /// <summary>Whose tables requests go by.</summary>
    public const string Vendor = "anthropic";

    /// <summary>The header that names the version of the API.</summary>
    public const string Version = "anthropic-version";

    private const string Messages = "/v1/messages";
    private const string Batches = "/v1/messages/batches";
    private const string CountTokens = "/v1/messages/count_tokens";

    public KeyHeader KeyHeader { get; } = new("x-api-key");

    public string Tables => Vendor;

    public IReadOnlyList<string> NotReturned => AnthropicHeaders.Account;

    public string ModelList => "/v1/models?limit=1";

    public IModelForm Models { get; } = new AnthropicModelForm();

    public IReadOnlyList<UnmeteredService> Unmetered => AnthropicUnmetered.Services;

    public string BaseAddressHere => "the base URL of Anthropic's clients has no path";

    public bool MayBeFrom(HttpRequest request) => request.Headers.ContainsKey(Version) || request.Path.StartsWithSegments(Messages, StringComparison.OrdinalIgnoreCase);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => AnthropicErrors.Refuse(refusal);

    public void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        var dialect = new AnthropicMessagesDialect();
        var native = new ProviderRoute(provider, dialect, Messages) { Query = AnthropicHeaders.Query };
        routes.MapCall(Messages, native);
        routes.MapCall("/v1/agents/{agent}/runs/{run}/anthropic/messages", native with { Form = AnthropicRunForm.Instance });
        var (batches, format) = (native with { Path = Batches }, new AnthropicBatchFormat(routes.ServiceProvider.GetRequiredService<FreeRequest>()));
        routes.MapBatches(prefix: "", batches, format);
        routes.MapDeletion(prefix: "", batches, format);
        routes.MapResults($"{Batches}/{BatchEndpoints.Batch}/results", batches, format.FindAsync);
        routes.MapPassThrough(CountTokens, new ProviderRoute(provider, dialect, CountTokens) { Query = AnthropicHeaders.Query });
    }
}
