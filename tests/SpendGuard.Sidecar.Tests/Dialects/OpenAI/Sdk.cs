#pragma warning disable OPENAI001 // The SDK marks all of its Responses client experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Images;
using OpenAI.Models;
using OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>The official SDK as a user sets it up: another endpoint and one header, and nothing else.</summary>
internal static class Sdk
{
    private static readonly ApiKeyCredential Key = new("the-callers-key");

    public static ChatClient Chat(Uri endpoint, string agent, string model = "gpt-4o") => new(model, Key, Options(endpoint, agent));

    public static EmbeddingClient Embeddings(Uri endpoint, string agent, string model = "text-embedding-3-small") =>
        new(model, Key, Options(endpoint, agent));

    public static ImageClient Images(Uri endpoint, string agent, string model) => new(model, Key, Options(endpoint, agent));

    public static OpenAIModelClient Models(Uri endpoint) => new(Key, Options(endpoint, "nobody"));

    public static ResponsesClient Responses(Uri endpoint, string agent)
    {
        var options = new ResponsesClientOptions { Endpoint = endpoint };
        options.AddPolicy(new AgentHeader(agent), PipelinePosition.PerCall);
        return new ResponsesClient(Key, options);
    }

    private static OpenAIClientOptions Options(Uri endpoint, string agent)
    {
        var options = new OpenAIClientOptions { Endpoint = endpoint };
        options.AddPolicy(new AgentHeader(agent), PipelinePosition.PerCall);
        return options;
    }

    private sealed class AgentHeader(string agent) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
