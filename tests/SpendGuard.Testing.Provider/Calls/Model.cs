using SpendGuard.Testing.Provider.Counting;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>What a model makes of a request, by the behaviour that it is treated with: the same for a call and in a batch.</summary>
internal sealed class Model(SimulatedProvider provider, CallBook book, ProviderPriceTable prices)
{
    private static readonly string[] CapNames = ["max_completion_tokens", "max_tokens", "max_output_tokens"];

    /// <summary>Reads a request that has arrived.</summary>
    public (SimulatedRequest Request, InputCount Input) Read(SimulatedRequest bare, IWireFormat format)
    {
        var request = format.Read(bare) with { Format = format };
        var input = format.CountInput(request.Body, CountingRules.Usual);
        book.Describe(request, input.Tokens);
        return (request, input);
    }

    /// <summary>Generates the answer, which nobody has been charged for yet.</summary>
    public (Generation Generation, Behaviour Behaviour) Generate(SimulatedRequest request, InputCount input, IWireFormat format)
    {
        var behaviour = provider.BehaviourFor(request);
        input = input.With(behaviour.NewFields, request.Body, CountingRules.Usual);
        request = WithKnownCap(request, behaviour);
        var model = behaviour.ServedModel ?? request.Model;
        var price = prices.Find(model) ?? throw UnknownModel(model);
        if (behaviour.UseTheMost)
        {
            behaviour = behaviour with
            {
                FixedUsage = WorstBill.Usage(request, format, price, behaviour.NewFields),
                ServedTiers = WorstBill.NamesTier(request.Body) ? WorstBill.AskedTiers(request.Body) : behaviour.ServedTiers,
                Reply = behaviour.Reply ?? (_ => SimulatedReply.Say("All right")),
            };
        }

        return (Generator.Generate(request, input, price, behaviour, format), behaviour);
    }

    private static RejectedRequestException UnknownModel(string model) =>
        new(404, $"The model `{model}` does not exist or you do not have access to it.") { Param = "model", Code = "model_not_found" };

    /// <summary>The request as it is to a provider that knows only some names of an output cap.</summary>
    private static SimulatedRequest WithKnownCap(SimulatedRequest request, Behaviour behaviour)
    {
        if (behaviour.RefusesCapsNamed.FirstOrDefault(name => request.Body[name] is not null) is { } refused)
        {
            throw new RejectedRequestException(422, $"Extra inputs are not permitted: {refused}.") { Param = refused };
        }

        return behaviour.IgnoresCapsNamed.Count == 0 ? request : request with
        {
            MaxOutputTokens = CapNames
                .Except(behaviour.IgnoresCapsNamed, StringComparer.Ordinal)
                .Select(name => request.Body.WholeNumber(name))
                .FirstOrDefault(cap => cap is not null),
        };
    }
}
