using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>What the provider answers to.</summary>
internal static class ProviderRoutes
{
    public static void Map(WebApplication app, CallHandler handler, ProviderPriceTable prices, ProviderBill bill, IReadOnlySet<string> refusedKeys)
    {
        foreach (var (path, format) in WireFormats.All)
        {
            app.MapPost(path, (RequestDelegate)(context => handler.HandleAsync(context, format)));
        }

        foreach (var path in (string[])["/v1/models", "/grok-upstream/v1/models", "/compatible/v1/models", "/v1beta/models"])
        {
            app.MapGet(path, (RequestDelegate)(context => refusedKeys.Any(key => IsSent(context.Request, key)) ? Refuse(context) : ListModels(context, prices)));
        }

        app.MapGet("/bill", (RequestDelegate)(context => TellBill(context, bill)));
    }

    /// <summary>No provider has this route; it is for programs in other processes that compare.</summary>
    private static Task TellBill(HttpContext context, ProviderBill bill)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["billed_calls"] = bill.BilledCalls, ["total_microcents"] = bill.TotalMicrocents }.ToJsonString());
    }

    /// <summary>Wherever a vendor takes it.</summary>
    private static bool IsSent(HttpRequest request, string key) =>
        request.Headers.Values.Any(value => value.ToString() == key || value.ToString() == "Bearer " + key);

    /// <summary>Gemini says of a wrong key that the request is malformed.</summary>
    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path.StartsWithSegments("/v1beta", StringComparison.Ordinal) ? 400 : 401;
        return context.Response.WriteAsync("""{"error":{"message":"The key is not valid."}}""");
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
