using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control;

/// <summary>The route that does all of a call but the call: it reserves, releases at once, and sends nothing to any provider.</summary>
internal static class DryRunEndpoint
{
    public static void MapDryRun(this IEndpointRouteBuilder routes) => routes.MapPost(
        "/v1/agents/{agent}/dry-run",
        async (string agent, HttpContext context, Admission caller, SidecarSettings settings, TimeProvider time) =>
        {
            var engine = caller.Engine;
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var id = AgentEndpoints.Id(agent);
            _ = await engine.FindAgentAsync(id, context.RequestAborted) ?? throw NotFound.Agent(agent);
            var provider = Provider(body.RootElement, settings);
            var call = new ModelCall
            {
                Agent = id,
                Model = Model(body.RootElement, provider, engine.Prices.Current, time.GetUtcNow()),

                // The least there is, so that what is held for the moment keeps no call of the agent's from fitting.
                Shape = new CallShape { InputBound = 1, OutputTokens = body.RootElement.FindCount("max_tokens", least: 1) ?? 1 },

                // It is to tell how things stand.
                LockedWait = TimeSpan.Zero,
                IsDryRun = true,
            };

            await using var reserved = await engine.ReserveAsync(call, context.RequestAborted);
            var settlement = await reserved.EndAsync(ProviderReport.NotBilled);
            if (settlement.IsPending)
            {
                throw new StoreUnavailableException(
                    "The store held the call and could not release it yet. Nothing was charged, and the hold is given back as soon as the store works.");
            }

            var answer = new DryRunBody(
                id.Value,
                call.Model.Provider,
                call.Model.Model,
                settlement.ReservationId.Value,
                settlement.Held.Microcents,
                settlement.Charged.Microcents,
                settlement.Left?.Microcents ?? 0);
            return TypedResults.Json(answer, ControlJson.Default.DryRunBody);
        }).Accepts<DryRunRequest>("application/json").Produces<DryRunBody>().Allow(AccessRule.Use);

    private static Provider Provider(JsonElement body, SidecarSettings settings)
    {
        if (body.FindString("provider") is not { } name)
        {
            var usable = settings.Providers.Values.FirstOrDefault(provider => provider.IsUsable) ?? settings.Providers.Values.First();
            usable.RequireKey();
            return usable;
        }

        if (!settings.Providers.TryGetValue(name.ToLowerInvariant(), out var provider))
        {
            throw new BadRequestException($"There is no provider '{name}'. There are: {string.Join(", ", settings.Providers.Keys)}.");
        }

        provider.RequireKey();
        return provider;
    }

    private static ModelKey Model(JsonElement body, Provider provider, PriceBook book, DateTimeOffset now)
    {
        if (body.FindString("model") is { } name)
        {
            return string.IsNullOrWhiteSpace(name)
                ? throw new BadRequestException("'model' is empty. Name a model, or leave it out.")
                : new ModelKey(provider.Name, name);
        }

        // The cheapest that answers in text, which most people know; its name is told.
        var priced = book.Models.Where(model => model.Provider == provider.Name && book.Contains(model, now)).ToList();
        return priced.Count > 0
            ? priced.OrderBy(model => OutputRate(model) is var rate && rate > Rate.Zero ? rate.Microcents : decimal.MaxValue).ThenBy(model => model.Model, StringComparer.Ordinal).First()
            : throw new BadRequestException($"No model of {provider.Name} has a price in {book.Source}. Add one to the price document.");

        Rate OutputRate(ModelKey model) => book.Find(model, now, now)[0].Rates.Output;
    }
}
