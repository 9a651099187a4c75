"""How routing learns: texts read, a linear model solved, the weights of evidence fitted; run by routing_model.py."""
