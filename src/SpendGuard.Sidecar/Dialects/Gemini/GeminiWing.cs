using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The routes that speak Gemini's <c>generateContent</c>, and the one that puts a prompt into it.</summary>
internal sealed class GeminiWing : IWing
{
    public KeyHeader KeyHeader { get; } = new("x-goog-api-key");

    public void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings)
    {
        var dialect = new GeminiDialect();

        routes.MapPost("/v1beta/models/{model}:generateContent", context =>
        {
            RequireAnswerAs(context, "json");
            return Handler(context).HandleAsync(context, Route(context, "generateContent"));
        }).WithMetadata(dialect).Allow(AccessRule.Use);

        routes.MapPost("/v1beta/models/{model}:streamGenerateContent", context =>
        {
            RequireAnswerAs(context, "sse");
            return Handler(context).HandleAsync(context, Route(context, "streamGenerateContent") with { Streams = true });
        }).WithMetadata(dialect).Allow(AccessRule.Use);

        routes.MapPost(
            "/v1beta/models/{model}:countTokens",
            context => context.RequestServices.GetRequiredService<PassThrough>().HandleAsync(context, Route(context, "countTokens")))
            .WithMetadata(dialect).Allow(AccessRule.Use);

        routes.MapPost("/v1/agents/{agent}/runs/{run}/gemini/generateContent", async context =>
        {
            var caller = Caller.Of(context);
            using var body = await RequestBody.ReadAsync(context, settings.MaxRequestBytes);
            var prompt = GeminiPrompt.Read(body.RootElement, settings.FieldPolicy);
            using var native = prompt.ToNative();
            var route = To(prompt.Model, "generateContent") with { Form = new GeminiRunForm(dialect) };
            route.Provider.RequireKey();
            await Handler(context).HandleAsync(context, caller, route, native.RootElement);
        }).WithMetadata(dialect).Allow(AccessRule.Use);

        ProviderRoute Route(HttpContext context, string method) => To((string)context.GetRouteValue("model")!, method);

        ProviderRoute To(string model, string method) => IsName(model)
            ? new ProviderRoute(provider, dialect, $"/v1beta/models/{model}:{method}") { Model = model }
            : throw new BadRequestException("A model's name has only letters, digits, '-', '_' and '.'.");
    }

    private static CallHandler Handler(HttpContext context) => context.RequestServices.GetRequiredService<CallHandler>();

    /// <summary>The name becomes part of the provider's address.</summary>
    private static bool IsName(string model) => model.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>Only what can be metered: JSON as a whole, or server-sent events.</summary>
    private static void RequireAnswerAs(HttpContext context, string form)
    {
        var asked = context.Request.Query["alt"].ToString();
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
