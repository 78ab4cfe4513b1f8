using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpendGuard;
using SpendGuard.AspNetCore.Settings;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds SpendGuard to a host: a web application or a worker.</summary>
public static class SpendGuardHostExtensions
{
    /// <summary>
    /// Registers one <see cref="SpendGuardEngine"/> that is set up by the settings under <c>SpendGuard</c>, the answers to its refusals
    /// (<see cref="SpendGuardProblemDetailsExtensions.AddSpendGuardProblemDetails"/>), and the access to the request that
    /// <see cref="SpendGuard.AspNetCore.AgentFrom"/> needs.
    /// </summary>
    /// <param name="builder">The host's builder. Its settings are read now, as they are.</param>
    /// <param name="configure">Sets up more, after the settings: what is set twice is as it is set here. The store is chosen in one place only.</param>
    /// <param name="postgres">
    /// How the setting <c>Postgres</c> is used: <c>PostgresOptionsExtensions.UsePostgres</c>, of the package <c>SpendGuard.PostgreSql</c>, which
    /// this one does without.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="OptionsValidationException">Names every setting under <c>SpendGuard</c> that is wrong, or that there is none of.</exception>
    /// <exception cref="InvalidOperationException">The store is chosen twice, by the settings and in code, or by an earlier registration.</exception>
    public static IHostApplicationBuilder AddSpendGuard(
        this IHostApplicationBuilder builder,
        Action<SpendGuardOptions>? configure = null,
        Func<SpendGuardOptions, string, SpendGuardOptions>? postgres = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = HostSettings.Read(builder.Configuration.GetSection(HostSettings.Section), builder.Environment.ContentRootPath, postgres);
        builder.Services.AddSpendGuard(options => settings.Apply(options, configure));
        builder.Services.AddSpendGuardProblemDetails();
        builder.Services.AddHttpContextAccessor();
        return builder;
    }
}
