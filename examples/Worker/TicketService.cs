using Microsoft.Extensions.AI;
using SpendGuard.Budgets;

namespace SpendGuard.Examples.Worker;

/// <summary>Sums tickets up, one after the other, for no more than a cent a day.</summary>
internal sealed class TicketService(SpendGuardEngine guard, IChatClient chat, IHostApplicationLifetime lifetime, IConfiguration settings) : BackgroundService
{
    public const string Agent = "tickets";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await guard.FindAgentAsync(Agent, stoppingToken) is null)
        {
            await guard.CreateAgentAsync("Tickets", Agent, cancellationToken: stoppingToken);
        }

        await guard.SetLimitAsync(Agent, Limit.PerDay(Money.FromCents(1), "UTC"), cancellationToken: stoppingToken);
        for (var ticket = 1; ; ticket++)
        {
            try
            {
                await chat.GetResponseAsync($"Sum ticket {ticket} up in a sentence.", cancellationToken: stoppingToken);
                Console.WriteLine($"Ticket {ticket} is done.");
            }
            catch (InsufficientBudgetException refusal) when (refusal.ResetsAt is { } tomorrow)
            {
                Console.WriteLine($"Ticket {ticket} has to wait until {tomorrow:u}: {refusal.Message}");
                if (await RestAsync(tomorrow, stoppingToken))
                {
                    ticket--;
                    continue;
                }

                return;
            }
        }
    }

    /// <summary>Waits for the next day; the show ends instead where nobody would watch it.</summary>
    private async Task<bool> RestAsync(DateTimeOffset until, CancellationToken stoppingToken)
    {
        if (settings["stay"] is not null)
        {
            await Task.Delay(until - DateTimeOffset.UtcNow, stoppingToken);
            return true;
        }

        lifetime.StopApplication();
        return false;
    }
}
