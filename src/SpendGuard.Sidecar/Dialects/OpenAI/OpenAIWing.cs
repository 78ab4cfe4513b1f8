using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.OpenAI.Batches;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Images;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;
using SpendGuard.Sidecar.Models;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The providers that speak OpenAI's wire formats: OpenAI itself, xAI, and the compatible ones.</summary>
internal sealed class OpenAIWing : IWing
{
    /// <summary>Whose tables requests go by.</summary>
    public const string Vendor = "openai";

    private const string Chat = "/chat/completions";
    private const string Responses = "/responses";
    private const string Images = "/images/generations";
    private const string Embeddings = "/embeddings";

    public KeyHeader KeyHeader => KeyHeader.Bearer;

    public string Tables => Vendor;

    public IReadOnlyList<string> NotReturned => OpenAIHeaders.Account;

    public string ModelList => "/models";

    public IModelForm Models { get; } = new OpenAIModelForm();

    public IReadOnlyList<UnmeteredService> Unmetered => OpenAIUnmetered.Services;

    public string BaseAddressHere => "the base URL of OpenAI's clients ends in /v1, once";

    /// <summary>Most clients speak its format, so what shows no other is taken for one of them.</summary>
    public bool MayBeFrom(HttpRequest request) => true;

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    public void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        // The others are called under their names, and the settings limit the output of OpenAI's own models only.
        var isOpenAI = provider.Name == "openai";
        var prefix = provider.Prefix ?? (isOpenAI ? "/v1" : $"/{provider.Name}/v1");
        var chat = new OpenAIChatDialect(Limit(settings.OpenAIMaxCompletionTokens));
        var responses = new OpenAIResponsesDialect(Limit(settings.OpenAIMaxOutputTokens));

        // For the official SDKs, which are given the base address only.
        routes.MapCall(prefix + Chat, new ProviderRoute(provider, chat, Chat));
        if (provider.Prefix is null)
        {
            routes.MapCall(prefix + Responses, new ProviderRoute(provider, responses, Responses));
            routes.MapCall(prefix + Images, new ProviderRoute(provider, new OpenAIImagesDialect(), Images));
        }

        var embeddings = new OpenAIEmbeddingsDialect();
        routes.MapCall(prefix + Embeddings, new ProviderRoute(provider, embeddings, Embeddings));
        if (isOpenAI)
        {
            routes.MapBatches(
                prefix, [new(provider, chat, Chat), new(provider, responses, Responses), new(provider, embeddings, Embeddings)], settings);
            routes.MapPassThrough(prefix + OpenAIInputCount.Path, new ProviderRoute(provider, responses, OpenAIInputCount.Path));
        }
        else
        {
            routes.MapModels(prefix, _ => provider);
        }

        // The original had run routes of these two.
        if (provider.Name is "openai" or "grok")
        {
            var run = $"/v1/agents/{{agent}}/runs/{{run}}/{provider.Name}";
            routes.MapCall(run + Chat, new ProviderRoute(provider, chat, Chat) { Form = OpenAIRunForm.Instance });
            routes.MapCall(run + Responses, new ProviderRoute(provider, responses, Responses) { Form = OpenAIRunForm.Instance });
        }

        OutputLimit Limit(long most) => isOpenAI ? new OutputLimit(most, settings.DefaultOutputTokens) : OutputLimit.None;
    }
}
