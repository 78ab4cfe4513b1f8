using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>What the provider answers to.</summary>
internal static class ProviderRoutes
{
    public static void Map(WebApplication app, CallHandler handler, ProviderPriceTable prices, ProviderBill bill)
    {
        foreach (var (path, format) in WireFormats.All)
        {
            app.MapPost(path, (RequestDelegate)(context => handler.HandleAsync(context, format)));
        }

        app.MapGet("/v1/models", (RequestDelegate)(context => ListModels(context, prices)));
        app.MapGet("/grok-upstream/v1/models", (RequestDelegate)(context => ListModels(context, prices)));
        app.MapGet("/bill", (RequestDelegate)(context => TellBill(context, bill)));
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
