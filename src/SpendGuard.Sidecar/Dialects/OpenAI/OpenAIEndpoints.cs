using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The routes of the providers that speak OpenAI's wire formats.</summary>
internal static class OpenAIEndpoints
{
    private const string Chat = "/chat/completions";
    private const string Responses = "/responses";
    private const string Embeddings = "/embeddings";

    public static void MapOpenAI(this IEndpointRouteBuilder routes, SidecarSettings settings)
    {
        var openai = settings.Providers["openai"];
        var openaiChat = new OpenAIChatDialect(new OutputLimit(settings.OpenAIMaxCompletionTokens, settings.DefaultOutputTokens));
        var openaiResponses = new OpenAIResponsesDialect(new OutputLimit(settings.OpenAIMaxOutputTokens, settings.DefaultOutputTokens));
        routes.MapAll("/v1", openai, openaiChat, openaiResponses);
        routes.MapRuns(openai, openaiChat, openaiResponses);

        var chat = new OpenAIChatDialect(OutputLimit.None);
        var responses = new OpenAIResponsesDialect(OutputLimit.None);
        foreach (var provider in settings.Providers.Values.Where(provider => provider.Name is not ("openai" or "gemini" or "anthropic")))
        {
            routes.MapAll($"/{provider.Name}/v1", provider, chat, responses);
        }

        routes.MapRuns(settings.Providers["grok"], chat, responses);
    }

    /// <summary>The routes for the official SDKs, which are given the base address only.</summary>
    private static void MapAll(
        this IEndpointRouteBuilder routes, string prefix, Provider provider, OpenAIChatDialect chat, OpenAIResponsesDialect responses)
    {
        routes.MapCall(prefix + Chat, new ProviderRoute(provider, chat, Chat));
        routes.MapCall(prefix + Responses, new ProviderRoute(provider, responses, Responses));
        routes.MapCall(prefix + Embeddings, new ProviderRoute(provider, new OpenAIEmbeddingsDialect(), Embeddings));
        routes.MapModels(prefix, provider.Name);
    }

    private static void MapRuns(
        this IEndpointRouteBuilder routes, Provider provider, OpenAIChatDialect chat, OpenAIResponsesDialect responses)
    {
        var prefix = $"/v1/agents/{{agent}}/runs/{{run}}/{provider.Name}";
        routes.MapCall(prefix + Chat, new ProviderRoute(provider, chat, Chat) { Form = OpenAIRunForm.Instance });
        routes.MapCall(prefix + Responses, new ProviderRoute(provider, responses, Responses) { Form = OpenAIRunForm.Instance });
    }
}
