using System.Runtime.CompilerServices;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Closes the budgets of a store that was restored from a back-up, before anyone can call.</summary>
internal sealed class RestoredStore(IServiceProvider services, SidecarSettings settings, TimeProvider time, ILogger<RestoredStore> logger) : IHostedService
{
    /// <exception cref="SettingsException">The time is not there yet.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.RestoredAt is not { } restoredAt)
        {
            return;
        }

        if (restoredAt > time.GetUtcNow())
        {
            throw new SettingsException([$"SPENDGUARD_RESTORED is '{restoredAt:u}', which is yet to come. Give the time at which the store was restored."]);
        }

        await foreach (var engine in EnginesAsync(cancellationToken))
        {
            foreach (var budget in await engine.CloseRestoredBudgetsAsync(restoredAt, cancellationToken))
            {
                Log.Closed(logger, budget.Agent, budget.Remaining, budget.HardLimit);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The one engine, or in hosted mode that of every organisation that has or had a key.</summary>
    private async IAsyncEnumerable<SpendGuardEngine> EnginesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!settings.Hosted)
        {
            yield return services.GetRequiredService<SpendGuardEngine>();
            yield break;
        }

        var engines = services.GetRequiredService<OrganizationEngines>();
        var keys = await services.GetRequiredService<ApiKeyStore>().ListAsync(organization: null, agent: null, cancellationToken);
        foreach (var organization in keys.Select(key => key.Organization).Distinct(StringComparer.Ordinal))
        {
            yield return engines.Of(organization);
        }
    }
}
