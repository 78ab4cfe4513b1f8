using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider;

/// <summary>Which path speaks which wire format.</summary>
internal static class ProviderRoutes
{
    public static void Map(WebApplication app, CallHandler handler, ProviderPriceTable prices, ProviderBill bill)
    {
        Post("/v1/chat/completions", new ChatFormat(Vendor.OpenAI));
        Post("/v1/responses", new ResponsesFormat(Vendor.OpenAI));
        Post("/v1/responses/input_tokens", new ResponsesCountFormat());
        Post("/v1/embeddings", new EmbeddingsFormat());
        Post("/grok-upstream/v1/chat/completions", new ChatFormat(Vendor.Grok));
        Post("/grok-upstream/v1/responses", new ResponsesFormat(Vendor.Grok));
        Post("/v1/messages", new MessagesFormat());
        Post("/v1/messages/count_tokens", new MessageCountFormat());
        Post("/v1beta/models/{model}:generateContent", new GeminiFormat(stream: false));
        Post("/v1beta/models/{model}:streamGenerateContent", new GeminiFormat(stream: true));
        Post("/v1beta/models/{model}:countTokens", new GeminiCountFormat());
        app.MapGet("/v1/models", (RequestDelegate)(context => ListModels(context, prices)));
        app.MapGet("/grok-upstream/v1/models", (RequestDelegate)(context => ListModels(context, prices)));
        app.MapGet("/bill", (RequestDelegate)(context => TellBill(context, bill)));

        void Post(string path, IWireFormat format) => app.MapPost(path, (RequestDelegate)(context => handler.HandleAsync(context, format)));
    }

    /// <summary>No provider has this route; it is for programs in other processes that compare.</summary>
    private static Task TellBill(HttpContext context, ProviderBill bill)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["billed_calls"] = bill.BilledCalls, ["total_microcents"] = bill.TotalMicrocents }.ToJsonString());
    }

    private static Task ListModels(HttpContext context, ProviderPriceTable prices)
    {
        var models = prices.Models.Select(JsonNode (model) => new JsonObject
        {
            ["id"] = model,
            ["object"] = "model",
            ["created"] = Generation.CreatedAt,
            ["owned_by"] = "simulated",
        });
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models]) }.ToJsonString());
    }
}
